"""Flack as others use it: PostgreSQL, nodes of gunicorn and nginx, from the files of the page.

`deployment` starts and stops all of it in order, with the parts `database`, `node` and `proxy`.
`files` fills in docs/production/, `programs` finds what is installed. The packages above use these.
"""
