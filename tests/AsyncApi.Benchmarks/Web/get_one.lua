-- One of the first thousand items, another each time.
request = function()
  return wrk.format("GET", "/items/" .. math.random(1000))
end
