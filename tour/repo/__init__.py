"""The learner's clone: git, its trees and the working tree, clean copies, and the folder .tour.

It uses `system`. Every room above may use all of it.
"""
