-- wrk: files the complaints of bodies.txt one after the other, each with a key of its own; the last line is JSON.
-- usage: wrk … -s complain.lua URL -- BODIES_FILE RUN
local count, failed = 0, 0
local threads = {}

function setup(thread)
	thread:set("id", #threads)
	table.insert(threads, thread)
end

function init(args)
	bodies, made, refused = {}, 0, 0
	for line in io.lines(args[1]) do
		bodies[#bodies + 1] = line
	end
	run = args[2]
	wrk.method = "POST"
end

function request()
	made = made + 1
	local headers = { ["Content-Type"] = "application/json",
		["Idempotency-Key"] = string.format("bench-%s-%d-%012d", run, id, made) }
	return wrk.format(nil, nil, headers, bodies[made % #bodies + 1])
end

function response(status)
	if status ~= 201 then
		refused = refused + 1
	end
end

function done(summary, latency)
	for _, thread in ipairs(threads) do
		failed = failed + thread:get("refused")
	end
	io.write(string.format('{"per_second": %.1f, "p50_us": %d, "p99_us": %d, "failed": %d}\n',
		(summary.requests - failed) / summary.duration * 1e6, latency:percentile(50), latency:percentile(99),
		failed + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
