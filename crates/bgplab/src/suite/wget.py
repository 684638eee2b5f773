#!/usr/bin/env python3
"""The part of wget that MetalLB's suite uses: -O- -q URL -T SECONDS. Ends with wget's codes: 4 network, 8 the server's answer."""
import sys
import urllib.error
import urllib.request

url, timeout, arguments = None, 900.0, iter(sys.argv[1:])
for argument in arguments:
    if argument == "-T":
        timeout = float(next(arguments, "900"))
    elif not argument.startswith("-"):
        url = argument
try:
    sys.stdout.buffer.write(urllib.request.urlopen(url, timeout=timeout).read())
except urllib.error.HTTPError as error:
    print(f"wget: {error}", file=sys.stderr)
    sys.exit(8)
except Exception as error:
    print(f"wget: {error}", file=sys.stderr)
    sys.exit(4)
