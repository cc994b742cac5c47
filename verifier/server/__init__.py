"""The gRPC service: thin handlers around the engine, and the life of the process."""
