"""The subcommands: each module has ``register(app)``, which adds its commands to the one application."""
