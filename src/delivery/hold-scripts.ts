/** The Lua scripts of the hold store; see hold-store.ts for the keys. */

/** KEYS rate; ARGV alert id, now (ms), window (ms), at most. 1 where the alert has a place in the window, also when asked again. */
export const ADMIT_UPDATE = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2] - ARGV[3])
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`;

/**
 * KEYS held, entries, closed (of the slot), dropped; ARGV alert id, slot (ms), entry (JSON), TTL (s), at most. Returns the slot the alert is held for
 * (an earlier call's, where there was one), or -1 where the slot is closed already.
 */
export const HOLD_ALERT = `
local slot = redis.call('ZSCORE', KEYS[1], ARGV[1])
if slot then return slot end
if redis.call('EXISTS', KEYS[3]) == 1 then return '-1' end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
local surplus = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[5])
if surplus > 0 then
  for _, old in ipairs(redis.call('ZRANGE', KEYS[1], 0, surplus - 1)) do
    redis.call('ZREM', KEYS[1], old)
    redis.call('HDEL', KEYS[2], old)
  end
  redis.call('INCRBY', KEYS[4], surplus)
  redis.call('EXPIRE', KEYS[4], ARGV[4])
end
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return ARGV[2]
`;

/**
 * KEYS held, entries, closed (of the slot); ARGV slot (ms), TTL (s). Takes what is held up to the slot, once: asked again it answers the same.
 * Returns the entries (JSON), oldest first.
 */
export const CLOSE_SLOT = `
if redis.call('EXISTS', KEYS[3]) == 1 then
  local kept = redis.call('LRANGE', KEYS[3], 1, -1)
  return kept
end
redis.call('RPUSH', KEYS[3], 'closed')
redis.call('EXPIRE', KEYS[3], ARGV[2])
local taken = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE')) do
  local entry = redis.call('HGET', KEYS[2], id)
  if entry then
    redis.call('RPUSH', KEYS[3], entry)
    taken[#taken + 1] = entry
  end
  redis.call('HDEL', KEYS[2], id)
  redis.call('ZREM', KEYS[1], id)
end
return taken
`;
