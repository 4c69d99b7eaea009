-- wrk: saves a note in one of the cases FIRST … LAST, one after the other; the last line is JSON.
-- usage: wrk … -s note.lua URL -- TOKEN FIRST LAST
local refused, threads = 0, {}

function setup(thread)
	table.insert(threads, thread)
end

function init(args)
	token, first, last, made, bad = args[1], tonumber(args[2]), tonumber(args[3]), 0, 0
	wrk.method = "POST"
end

function request()
	made = made + 1
	local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }
	local case = first + made % (last - first + 1)
	return wrk.format(nil, string.format("/api/v1/cases/%d/notes", case), headers, '{"note": "Telephoned the head office."}')
end

function response(status)
	if status ~= 200 and status ~= 201 then
		bad = bad + 1
	end
end

function done(summary, latency)
	for _, thread in ipairs(threads) do
		refused = refused + thread:get("bad")
	end
	io.write(string.format('{"per_second": %.1f, "p50_us": %d, "p99_us": %d, "failed": %d}\n',
		(summary.requests - refused) / summary.duration * 1e6, latency:percentile(50), latency:percentile(99),
		refused + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
