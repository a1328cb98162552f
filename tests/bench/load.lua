-- What wrk sends, chosen by the words after "--": a token, a cookie (name=value) or -, a case (plain, pages, create, get, patch, post, login), a word (for
-- create one that makes this run's usernames its own, else how many posts there are) and the milliseconds before each request.
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local methods = { create = "POST", post = "POST", patch = "PATCH", login = "POST" }

function init(args)
  case, word, pause, sent = args[2], args[3], tonumber(args[4] or 0), 0
  math.randomseed(number)
  if args[1]:find("=", 1, true) then
    wrk.headers["Cookie"] = args[1]
  elseif args[1] ~= "-" then
    wrk.headers["Authorization"] = "Bearer " .. args[1]
  end
  if methods[case] then
    wrk.method = methods[case]
    wrk.headers["Content-Type"] = "application/json"
  end
end

function delay()
  return pause
end

function request()
  if case == "plain" then
    return wrk.format()
  end
  if case == "login" then
    return wrk.format(nil, nil, nil, '{"login":"admin","password":"bench-only-password"}')
  end
  sent = sent + 1
  if case == "pages" then
    local mark = wrk.path:find("?", 1, true) and "&" or "?"
    return wrk.format(nil, wrk.path .. mark .. "page=" .. (sent * 7 % 500 + 1))
  end
  local post = wrk.path .. "/" .. math.random(tonumber(word) or 1)
  if case == "get" then
    return wrk.format(nil, post)
  elseif case == "patch" then
    return wrk.format(nil, post, nil, '{"title":"Changed for the ' .. sent .. '. time"}')
  elseif case == "post" then
    return wrk.format(nil, nil, nil, '{"title":"Post ' .. sent .. ' of a bench","status":"published","content":' ..
      '"The quiet machine changes the modern compass. As a rule the early bicycle paints the simple meadow rarely."}')
  end
  local name = "b" .. word .. "x" .. number .. "x" .. sent
  return wrk.format(nil, nil, nil, '{"username":"' .. name .. '","email":"' .. name .. '@example.com"}')
end
