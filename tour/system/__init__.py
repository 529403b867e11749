"""What the machine offers: processes, servers, addresses, browsers, the terminal; and the errors.

It uses no other room, and every room may use all of it.
"""
