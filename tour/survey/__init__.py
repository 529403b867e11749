"""What an application's module holds, by its syntax alone, and what could be cut from it first.

`survey` reads a file or a folder and returns a `result`: that is what others import. `pieces` are
the statements of a module that move together. `objects` finds the application, the database, and
what reaches them; `registration` the views, `authentication` what guards them; `libraries` has what
is known of other packages for that. `roles` says what each piece is for, and `cutting` puts the
sections in order. `cycles` finds modules that import each other.
"""
