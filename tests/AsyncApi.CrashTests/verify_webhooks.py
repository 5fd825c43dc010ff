"""Verifies signatures as Standard Webhooks 1.0 says, knowing nothing of the code that made them.

Usage: verify_webhooks.py SECRET FILE, with a JSON object a line in the file. Prints how many are genuine and how many are not.
"""
import base64, hashlib, hmac, json, sys

key = base64.b64decode(sys.argv[1].removeprefix("whsec_"))
genuine = forged = 0
for line in open(sys.argv[2], encoding="utf-8"):
    call = json.loads(line)
    signed = f"{call['id']}.{call['timestamp']}.".encode() + base64.b64decode(call["body"])
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    if any(hmac.compare_digest(expected, given) for given in call["signature"].split(" ")):
        genuine += 1
    else:
        forged += 1
print(genuine, forged)
