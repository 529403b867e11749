"""What changes between two trees, line by line: moved, edited, new, gone."""
