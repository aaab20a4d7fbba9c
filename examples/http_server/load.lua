-- What wrk sends, and what it says at the end: one line of JSON that demo.py reads.
-- usage: wrk ... -s load.lua URL [-- BODY_BYTES]; without a body it is GET

function init(arguments)
    if not arguments[1] then
        return
    end
    wrk.method = "POST"
    wrk.body = string.rep("corinth ", math.ceil(tonumber(arguments[1]) / 8)):sub(1, arguments[1])
    wrk.headers["Content-Type"] = "application/octet-stream"
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\nwrk: {"requests": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "max_us": %d, ' ..
        '"errors": {"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        latency.max, errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
