"""The stages: the manifest, their commits, the tags, the rules of the history."""
