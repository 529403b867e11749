-- Drives a server for tour/bench/wrk.py, with one request or one for each token in turn, and prints
-- what came of it as the last line, in JSON. Arguments: the method, the body, the tokens.
-- https://github.com/wg/wrk/blob/master/SCRIPTING

local requests = {}
local made = 0

function init(arguments)
    local method, body = arguments[1], arguments[2]
    if body == "" then
        body = nil
    else
        wrk.headers["Content-Type"] = "application/json"
    end
    requests[1] = wrk.format(method, nil, nil, body)
    for number = 3, #arguments do
        wrk.headers["Authorization"] = "Bearer " .. arguments[number]
        requests[number - 2] = wrk.format(method, nil, nil, body)
    end
end

function request()
    made = made + 1
    return requests[made % #requests + 1]
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        '\n{"answers": %d, "microseconds": %d, "median_latency": %d, "refused": %d, "broken": %d}\n',
        summary.requests,
        summary.duration,
        latency:percentile(50),
        errors.status,
        errors.connect + errors.read + errors.write + errors.timeout
    ))
end
