"""Process and outcome reward models, a library. Nothing works yet: see CHANGELOG."""
