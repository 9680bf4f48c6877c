-- wrk script. L_METHOD, L_BODY, L_TOKEN (of an admin), L_PATHS and L_BODIES (files with one per line, taken in turn); or L_CHECKOUT=1: every connection
-- buys, from the cart to the order, over and over (run with as many threads as connections, since state is per thread).
local function lines(name)
  local list = {}
  for line in io.lines(name) do list[#list + 1] = line end
  return list
end
local paths = os.getenv("L_PATHS") and lines(os.getenv("L_PATHS"))
local bodies = os.getenv("L_BODIES") and lines(os.getenv("L_BODIES"))
local method, body = os.getenv("L_METHOD") or "GET", os.getenv("L_BODY")
local checkout = os.getenv("L_CHECKOUT")
local json = { ["Content-Type"] = "application/json" }
local token = os.getenv("L_TOKEN") and { ["Authorization"] = "Bearer " .. os.getenv("L_TOKEN") }
local threads, sequence = {}, 0

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

-- Steps of a purchase: what to send, and what to keep of the answer.
local cart, option, order, step = nil, nil, nil, 1
orders, failures, failed = 0, 0, ""
local address = '{"first_name":"Grace","last_name":"Hopper","address_1":"1 Test Street","address_2":"","city":"Berlin","country_code":"de","postal_code":"10115","phone":"+4900000000"}'
local region, variants = os.getenv("L_REGION"), os.getenv("L_VARIANTS") and lines(os.getenv("L_VARIANTS"))
local function post(path, text) return wrk.format("POST", path, text and json or {}, text) end
local steps = {
  { function() return post("/store/carts", '{"region_id":"' .. region .. '"}') end, function(text) cart = text:match('"(cart_%w+)"') return cart end },
  { function()
      sequence = sequence + 1
      return post("/store/carts/" .. cart .. "/line-items", '{"variant_id":"' .. variants[(sequence * 7 + number * 131) % #variants + 1] .. '","quantity":1}')
    end },
  { function() return post("/store/carts/" .. cart, '{"email":"shopper' .. (sequence * 64 + number) % 1000 .. '@example.com","shipping_address":' .. address .. ',"billing_address":' .. address .. '}') end },
  { function() return wrk.format("GET", "/store/shipping-options/" .. cart, {}) end, function(text) option = text:match('"(so_%w+)"') return option end },
  { function() return post("/store/carts/" .. cart .. "/shipping-methods", '{"option_id":"' .. option .. '"}') end },
  { function() return post("/store/carts/" .. cart .. "/payment-sessions") end },
  { function() return post("/store/carts/" .. cart .. "/payment-session", '{"provider_id":"manual"}') end },
  { function() return post("/store/carts/" .. cart .. "/complete") end, function(text) order = text:match('"(order_%w+)"') return order end },
  { function() return wrk.format("GET", "/store/orders/" .. order, {}) end, function() orders = orders + 1 return true end },
}

local n = 0
function request()
  if checkout then return steps[step][1]() end
  n = n + 1
  return wrk.format(method, paths and paths[(n - 1) % #paths + 1] or nil, (body or bodies) and json or token, bodies and bodies[(n - 1) % #bodies + 1] or body)
end

if checkout then
  function response(status, _, text)
    if status ~= 200 or (steps[step][2] and not steps[step][2](text)) then
      failures = failures + 1
      failed = step .. ": " .. status .. " " .. text:sub(1, 200):gsub("%s+", " ")
      step = 1
    else
      step = step % #steps + 1
    end
  end
end

function done(summary, latency)
  local bought, bad, example = 0, summary.errors.status, ""
  if checkout then
    bad = 0
    for _, thread in ipairs(threads) do
      bought = bought + thread:get("orders")
      bad = bad + thread:get("failures")
      if thread:get("failed") ~= "" then example = thread:get("failed") end
    end
  end
  local sockets = summary.errors.timeout + summary.errors.connect + summary.errors.read + summary.errors.write
  io.write(string.format("RESULT\t%d\t%d\t%.3f\t%.3f\t%.3f\t%d\t%d\t%d\t%s\n", summary.requests, bought, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad, sockets, summary.bytes, example))
end
