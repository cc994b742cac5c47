"""What lies outside this process and is kept for all replicas: how it is asked without harm."""
