"""What an application's module holds, by its syntax alone, and what could be cut from it first.

`survey` reads a file or a folder and returns a `result`: that is what others import. `pieces` are
the statements of a module that move together, `roles` say what each is for by what it touches,
and `libraries` has what is known of other packages for that. `cutting` puts the sections in order;
`cycles` finds modules that import each other.
"""
