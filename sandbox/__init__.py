"""Untrusted programs under limits, a library: program, inputs and limits in, an execution out.

`sandbox.box.Sandbox` is the way in. It knows neither the service nor any verifier, and decides
nothing: what a program's output is worth is for its caller to say.
"""
