held = bytearray(1 << 45)
