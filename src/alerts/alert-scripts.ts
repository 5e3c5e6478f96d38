/**
 * The Lua scripts of the alert store. All keys share the prefix's hash tag, so that keys found inside a script (where a story has moved)
 * are in the same slot on Redis Cluster. A story's hash holds two fields for each watch: `s:<watch>` the sequence, `a:<watch>` the
 * announced state, one JSON document a line (a merge joins two stories' lines). A cause's hash holds one claim for each watch.
 */

/** Where a story lives now, after any merges. Bounded: a chain of merges is followed so far and no further. */
const RESOLVE = `
local function resolve(prefix, story)
  for _ = 1, 16 do
    local target = redis.call('GET', prefix .. ':moved:' .. story)
    if not target then return story end
    story = target
  end
  return story
end
`;

/** KEYS story, cause; ARGV prefix, storyId. Returns the story's id now, its hash, the cause's hash. */
export const OPEN_STORY = `${RESOLVE}
local story = resolve(ARGV[1], ARGV[2])
return {story, redis.call('HGETALL', ARGV[1] .. ':story:' .. story), redis.call('HGETALL', KEYS[2])}
`;

/**
 * KEYS story, cause, budget; ARGV prefix, storyId, watchId, expected sequence, announced, claim, story TTL (s), claim TTL (s).
 * Returns {'claimed' | 'known', claim} or {'conflict'}: the watch's state has moved on since it was read.
 */
export const CLAIM_ALERT = `${RESOLVE}
local known = redis.call('HGET', KEYS[2], ARGV[3])
if known then return {'known', known} end
local key = ARGV[1] .. ':story:' .. resolve(ARGV[1], ARGV[2])
local sequence = tonumber(redis.call('HGET', key, 's:' .. ARGV[3]) or '0')
if sequence ~= tonumber(ARGV[4]) then return {'conflict'} end
sequence = sequence + 1
redis.call('HSET', key, 's:' .. ARGV[3], sequence, 'a:' .. ARGV[3], ARGV[5])
redis.call('EXPIRE', key, ARGV[7])
local ordinal = redis.call('INCR', KEYS[3])
redis.call('EXPIRE', KEYS[3], 172800)
local claim = sequence .. ' ' .. ordinal .. ' ' .. ARGV[6]
redis.call('HSET', KEYS[2], ARGV[3], claim)
redis.call('EXPIRE', KEYS[2], ARGV[8])
return {'claimed', claim}
`;

/** KEYS from story, into story, moved mark; ARGV prefix, fromId, intoId, TTL (s). Idempotent: a story that has moved is not there again. */
export const MERGE_STORIES = `${RESOLVE}
local into = resolve(ARGV[1], ARGV[3])
if into == ARGV[2] then return 0 end
local target = ARGV[1] .. ':story:' .. into
local fields = redis.call('HGETALL', KEYS[1])
for index = 1, #fields, 2 do
  local name = fields[index]
  local value = fields[index + 1]
  local own = redis.call('HGET', target, name)
  if not own then
    redis.call('HSET', target, name, value)
  elseif string.sub(name, 1, 2) == 'a:' then
    redis.call('HSET', target, name, own .. '\\n' .. value)
  end
end
redis.call('DEL', KEYS[1])
if #fields > 0 then redis.call('EXPIRE', target, ARGV[4]) end
redis.call('SET', KEYS[3], into, 'EX', ARGV[4])
return #fields / 2
`;
