"""One rule a file, in the folder of its service. `_module` helps its neighbours, `common` helps several services."""
