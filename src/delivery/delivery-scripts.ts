/**
 * The Lua scripts of the delivery store. An alert's hash holds, for each subscriber, `f:<subscriber>` the digest of its frozen body and
 * `s:<subscriber>` the state of its delivery, `g:<subscriber>` the alert whose delivery it is part of; `b:<digest>` is a body, held once for all
 * subscribers that got the same bytes.
 */

/**
 * KEYS alert, log, floor; ARGV subscriber, digest, body ('' where it must be frozen already), alert id, kept from (ms), at most,
 * TTL (s), log ('1' or '0'). Returns {body or false, state or false}.
 */
export const BEGIN_DELIVERY = `
local frozen = redis.call('HGET', KEYS[1], 'f:' .. ARGV[1])
if not frozen and ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'f:' .. ARGV[1], ARGV[2], 'b:' .. ARGV[2], ARGV[3])
  if redis.call('TTL', KEYS[1]) < tonumber(ARGV[7]) then redis.call('EXPIRE', KEYS[1], ARGV[7]) end
  frozen = ARGV[2]
  if ARGV[8] == '1' then
    redis.call('XADD', KEYS[2], '*', 'a', ARGV[4])
    local surplus = redis.call('XLEN', KEYS[2]) - tonumber(ARGV[6])
    for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 8)) do
      local ms = tonumber(string.match(entry[1], '^(%d+)'))
      if surplus > 0 or ms < tonumber(ARGV[5]) then
        redis.call('XDEL', KEYS[2], entry[1])
        redis.call('SET', KEYS[3], entry[1])
        surplus = surplus - 1
      end
    end
    redis.call('EXPIRE', KEYS[2], ARGV[7])
    redis.call('EXPIRE', KEYS[3], ARGV[7] * 2)
  end
end
local body = frozen and redis.call('HGET', KEYS[1], 'b:' .. frozen)
return {body, redis.call('HGET', KEYS[1], 's:' .. ARGV[1])}
`;

/**
 * KEYS alert, open, dead, dropped; ARGV subscriber, alert id, state (JSON), status, round, now (ms), next (ms), dead TTL (s), at most.
 * A delivery that succeeded stays so for its round, whatever a slower process has to say. Returns 1 where the state was written.
 */
export const RECORD_ATTEMPT = `
local old = redis.call('HGET', KEYS[1], 's:' .. ARGV[1])
if old then
  local state = cjson.decode(old)
  if state.round > tonumber(ARGV[5]) then return 0 end
  if state.round == tonumber(ARGV[5]) and state.status == 'delivered' then return 0 end
end
redis.call('HSET', KEYS[1], 's:' .. ARGV[1], ARGV[3])
local ttl = redis.call('TTL', KEYS[1])
local kept = ARGV[4] == 'pending' or ARGV[4] == 'dead'
if ttl < 0 or (kept and ttl < tonumber(ARGV[8])) then redis.call('EXPIRE', KEYS[1], ARGV[8]) end
if ARGV[4] == 'pending' then
  redis.call('ZADD', KEYS[2], ARGV[7], ARGV[2])
  redis.call('ZREM', KEYS[3], ARGV[2])
else
  redis.call('ZREM', KEYS[2], ARGV[2])
  if ARGV[4] == 'dead' then
    redis.call('ZADD', KEYS[3], ARGV[6], ARGV[2])
  else
    redis.call('ZREM', KEYS[3], ARGV[2])
  end
end
for index = 2, 3 do
  local surplus = redis.call('ZCARD', KEYS[index]) - tonumber(ARGV[9])
  if surplus > 0 then
    redis.call('ZREMRANGEBYRANK', KEYS[index], 0, surplus - 1)
    redis.call('INCRBY', KEYS[4], surplus)
    redis.call('EXPIRE', KEYS[4], ARGV[8])
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[index], '-inf', '(' .. (ARGV[6] - ARGV[8] * 1000))
  redis.call('EXPIRE', KEYS[index], ARGV[8])
end
return 1
`;

/**
 * KEYS one alert for each member of a group, in order; ARGV TTL (s), then a subscriber and an alert id for each. Members without a group
 * form a new one for their subscriber, headed by the first of them. Returns each member's head.
 */
export const ASSIGN_GROUPS = `
local heads = {}
local answer = {}
for index, key in ipairs(KEYS) do
  local subscriber = ARGV[index * 2]
  local head = redis.call('HGET', key, 'g:' .. subscriber)
  if not head then
    head = heads[subscriber] or ARGV[index * 2 + 1]
    heads[subscriber] = head
    redis.call('HSET', key, 'g:' .. subscriber, head)
    if redis.call('TTL', key) < tonumber(ARGV[1]) then redis.call('EXPIRE', key, ARGV[1]) end
  end
  answer[index] = head
end
return answer
`;
