"""A whole day of the service centre, through both apps in one process: who comes, what happens, whether it is right."""
