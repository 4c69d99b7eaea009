-- wrk: asks for the same page again and again, with the cookie given; the last line is JSON.
-- usage: wrk … -s page.lua URL -- COOKIE
function init(args)
	if args[1] then
		wrk.headers["Cookie"] = args[1]
	end
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format('{"per_second": %.1f, "p50_us": %d, "p99_us": %d, "failed": %d}\n',
		summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99),
		errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
