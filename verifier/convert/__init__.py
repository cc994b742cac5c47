"""The only package that knows both the wire's messages and our own words.

Everything that enters or leaves goes through here, whether over gRPC, from a file or from the
client. What is malformed is refused here and nowhere later.
"""
