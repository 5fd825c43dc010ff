wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"name":"greeting","data":"The quick brown fox jumps over the lazy dog."}'
