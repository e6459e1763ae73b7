-- The requests of a load for wrk. Its arguments are the workload and the number of the load.
-- No two requests of the workloads `checkout` and `refused` are alike, so no cache of bodies helps a server.

local KEYS = 1000
local ACCOUNTS = 5 -- as in benchmarks/workload.py
local OFFSETS = 91

local POST = "POST /billing/checkout HTTP/1.1\r\nHost: %s\r\nx-access-token: sk-bench-%d\r\n"
  .. "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
local BODY = '{"amount": %s, "success_url": "https://shop.example/ok?order=%s", "cancel_url": "https://shop.example/no?order=%s"}'
local GET = "GET /billing/checkouts?limit=10&offset=%d HTTP/1.1\r\nHost: %s\r\nx-access-token: sk-list-%d\r\n\r\n"

local host, write, number
local count = 0

local function post(amount)
  local order = number .. "-" .. count
  local body = BODY:format(amount, order, order)
  return POST:format(host, count % KEYS, #body, body)
end

local workloads = {
  checkout = function() return post(5 + count % 997) end,
  refused = function() return post(('"%d dollars of load %s"'):format(count, number)) end,
  list = function() return GET:format(count % OFFSETS, host, count % ACCOUNTS) end,
}

function init(arguments)
  host = wrk.headers["Host"]
  write = workloads[arguments[1]]
  number = arguments[2]
end

function request()
  count = count + 1
  return write()
end

function done(summary, latency)
  local errors = summary.errors
  print(("\n{\"requests\": %d, \"microseconds\": %d, \"p99_microseconds\": %d, \"refused\": %d, \"socket_errors\": %d}"):format(
    summary.requests, summary.duration, latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
