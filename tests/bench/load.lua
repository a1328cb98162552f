-- What wrk sends, chosen by the words after "--": a token or -, a case (plain, pages, create) and for create a word that
-- makes this run's usernames its own.
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  case, word, sent = args[2], args[3], 0
  if args[1] ~= "-" then
    wrk.headers["Authorization"] = "Bearer " .. args[1]
  end
  if case == "create" then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
  end
end

function request()
  if case == "plain" then
    return wrk.format()
  end
  sent = sent + 1
  if case == "pages" then
    local mark = wrk.path:find("?", 1, true) and "&" or "?"
    return wrk.format(nil, wrk.path .. mark .. "page=" .. (sent * 7 % 500 + 1))
  end
  local name = "b" .. word .. "x" .. number .. "x" .. sent
  return wrk.format(nil, nil, nil, '{"username":"' .. name .. '","email":"' .. name .. '@example.com"}')
end
