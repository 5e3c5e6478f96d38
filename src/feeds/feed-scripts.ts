import type { Cluster, Redis } from 'ioredis';

/**
 * The scripts that keep who is asked when. All keys of one set of feeds start with one prefix that holds a hash tag,
 * so that they live in one slot of a cluster:
 *
 *     due        zset   host → when the first of its feeds may be asked, ms
 *     h:<host>   zset   feed → when it is due, ms; while it is claimed, when its lease ends
 *     gate       zset   host → when it is free again, ms: the end of a lease, or of the gap after a poll
 *     holder     hash   host → owner token of the poll that is there
 *     lease      hash   feed → owner token
 *     url, host, ask    hashes  feed → configured address, host it is queued under, address it is asked at
 *     ended      hash   feed → the address that answered 410
 *     pushed     hash   feed → ms from when it is due, for its hub said that there is news
 *     parked     hash   feed → "<due> <host> <url>" of a feed that left the configuration; parkedAt: zset feed → when
 *     state      hash   feed → JSON;  seen:<feed>: hash item → "<day>.<revision>";  pruned: hash feed → day
 *
 * A host has one entry in `due`, so a claim takes one feed of a host and no search is needed for a free one.
 * ARGV[1] is the time in ms, or empty for Redis' own.
 */
const SHARED = `
local P = KEYS[1]
local function time()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local now = time()
local function touch(host)
  local first = redis.call('ZRANGE', P .. ':h:' .. host, 0, 0, 'WITHSCORES')
  if #first == 0 then redis.call('ZREM', P .. ':due', host) return end
  local free = tonumber(redis.call('ZSCORE', P .. ':gate', host) or '0')
  redis.call('ZADD', P .. ':due', math.max(tonumber(first[2]), free), host)
end
local function leave(host, owner, gap)
  if redis.call('HGET', P .. ':holder', host) ~= owner then return end
  redis.call('HDEL', P .. ':holder', host)
  redis.call('ZADD', P .. ':gate', now + gap, host)
end
local function put(id, host, at)
  redis.call('HSET', P .. ':host', id, host)
  redis.call('ZADD', P .. ':h:' .. host, at, id)
  touch(host)
end
local function take(id)
  local host = redis.call('HGET', P .. ':host', id)
  if not host then return end
  redis.call('ZREM', P .. ':h:' .. host, id)
  touch(host)
end
local function owns(id, owner) return redis.call('HGET', P .. ':lease', id) == owner end
local function finish(id, owner, host, at, gap)
  local old = redis.call('HGET', P .. ':host', id)
  redis.call('HDEL', P .. ':lease', id)
  leave(old, owner, gap)
  take(id)
  if at == '' then
    redis.call('HDEL', P .. ':pushed', id)
    redis.call('HSET', P .. ':ended', id, redis.call('HGET', P .. ':url', id))
    return
  end
  local pushed = redis.call('HGET', P .. ':pushed', id)
  if pushed then at = math.min(tonumber(at), math.max(now, tonumber(pushed))) end
  put(id, host, at)
end
`;

/** ARGV: now, limit, lease ms, owner prefix. Returns id, owner, due, cause of each claimed feed, flat. */
const CLAIM = `
local limit, lease, prefix = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local free = redis.call('ZRANGEBYSCORE', P .. ':gate', '-inf', now, 'LIMIT', 0, 1000)
for _, host in ipairs(free) do
  redis.call('ZREM', P .. ':gate', host)
  redis.call('HDEL', P .. ':holder', host)
end
local out, n = {}, 0
local hosts = redis.call('ZRANGEBYSCORE', P .. ':due', '-inf', now, 'LIMIT', 0, limit * 2)
for _, host in ipairs(hosts) do
  if n >= limit then break end
  local first = redis.call('ZRANGE', P .. ':h:' .. host, 0, 0, 'WITHSCORES')
  local busy = tonumber(redis.call('ZSCORE', P .. ':gate', host) or '0')
  if #first == 0 or busy > now or tonumber(first[2]) > now then
    touch(host)
  else
    n = n + 1
    local id, owner = first[1], prefix .. ':' .. n
    redis.call('HSET', P .. ':lease', id, owner)
    redis.call('HSET', P .. ':holder', host, owner)
    redis.call('ZADD', P .. ':gate', now + lease, host)
    redis.call('ZADD', P .. ':h:' .. host, now + lease, id)
    touch(host)
    local pushed = redis.call('HDEL', P .. ':pushed', id)
    out[#out + 1] = id
    out[#out + 1] = owner
    out[#out + 1] = first[2]
    out[#out + 1] = pushed == 1 and 'push' or 'due'
  end
end
return out
`;

/** ARGV: now, id, owner, next due ms or empty, gap ms. */
const RELEASE = `
local id, owner, at, gap = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if not owns(id, owner) then return 0 end
finish(id, owner, redis.call('HGET', P .. ':host', id), at, gap)
return 1
`;

/** ARGV: now, id, owner, lease ms. */
const RENEW = `
local id, owner, lease = ARGV[2], ARGV[3], tonumber(ARGV[4])
if not owns(id, owner) then return 0 end
local host = redis.call('HGET', P .. ':host', id)
redis.call('ZADD', P .. ':h:' .. host, now + lease, id)
if redis.call('HGET', P .. ':holder', host) == owner then redis.call('ZADD', P .. ':gate', now + lease, host) end
touch(host)
return 1
`;

/**
 * ARGV: now, id, owner, next due ms or empty, gap ms, host, address, state, today, first day kept, then marks as key, value.
 * KEYS[2] is the feed's seen items.
 */
const COMMIT = `
local id, owner, at, gap, host = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
if not owns(id, owner) then return 0 end
redis.call('HSET', P .. ':state', id, ARGV[8])
redis.call('HSET', P .. ':ask', id, ARGV[7])
local today, cutoff = ARGV[9], tonumber(ARGV[10])
for i = 11, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
if #ARGV > 10 and redis.call('HGET', P .. ':pruned', id) ~= today then
  redis.call('HSET', P .. ':pruned', id, today)
  local all = redis.call('HGETALL', KEYS[2])
  for i = 1, #all, 2 do
    local day = tonumber(string.match(all[i + 1], '^(%d+)'))
    if not day or day < cutoff then redis.call('HDEL', KEYS[2], all[i]) end
  end
end
finish(id, owner, host, at, gap)
return 1
`;

/** ARGV: now, JSON of [{id, url, host} | {id}]: feeds to add or change, and, without url, to take out. */
const SYNC = `
local changed = 0
for _, feed in ipairs(cjson.decode(ARGV[2])) do
  local id = feed.id
  local old = redis.call('HGET', P .. ':url', id)
  if not feed.url then
    if old then
      local host = redis.call('HGET', P .. ':host', id)
      local due = host and redis.call('ZSCORE', P .. ':h:' .. host, id)
      redis.call('HSET', P .. ':parked', id, (due or '0') .. ' ' .. (host or '') .. ' ' .. old)
      redis.call('ZADD', P .. ':parkedAt', now, id)
      take(id)
      for _, key in ipairs({'url', 'host', 'lease', 'pushed'}) do redis.call('HDEL', P .. ':' .. key, id) end
      changed = changed + 1
    end
  elseif old ~= feed.url then
    local at, host = now, feed.host
    local current = redis.call('HGET', P .. ':host', id)
    if old and redis.call('HGET', P .. ':ask', id) == feed.url and current then
      at = redis.call('ZSCORE', P .. ':h:' .. current, id) or now
      host = current
    end
    local parked = redis.call('HGET', P .. ':parked', id)
    if parked then
      local due, from, url = string.match(parked, '^(%S+) (%S*) (.*)$')
      if url == feed.url then
        at = due
        if from ~= '' then host = from end
      end
      redis.call('HDEL', P .. ':parked', id)
      redis.call('ZREM', P .. ':parkedAt', id)
    end
    take(id)
    redis.call('HDEL', P .. ':lease', id)
    redis.call('HSET', P .. ':url', id, feed.url)
    if redis.call('HGET', P .. ':ended', id) ~= feed.url then
      redis.call('HDEL', P .. ':ended', id)
      put(id, host, at)
    else
      redis.call('HSET', P .. ':host', id, host)
    end
    changed = changed + 1
  end
end
return changed
`;

/** ARGV: now, forget before ms. Returns the feeds that were forgotten. */
const FORGET = `
local old = redis.call('ZRANGEBYSCORE', P .. ':parkedAt', '-inf', ARGV[2], 'LIMIT', 0, 100)
for _, id in ipairs(old) do
  redis.call('ZREM', P .. ':parkedAt', id)
  for _, key in ipairs({'parked', 'state', 'ask', 'ended', 'pruned'}) do redis.call('HDEL', P .. ':' .. key, id) end
  redis.call('DEL', P .. ':seen:' .. id)
end
return old
`;

/** ARGV: now, id, earliest ms. The feed is due then; a claimed one, when its poll is over as well. */
const PUSH = `
local id, at = ARGV[2], math.max(now, tonumber(ARGV[3]))
local host = redis.call('HGET', P .. ':host', id)
if not host or redis.call('HEXISTS', P .. ':ended', id) == 1 then return 0 end
redis.call('HSET', P .. ':pushed', id, at)
if redis.call('HEXISTS', P .. ':lease', id) == 0 then
  redis.call('ZADD', P .. ':h:' .. host, 'LT', at, id)
  touch(host)
end
return 1
`;

/** ARGV: now, host, owner, lease ms. */
const ENTER = `
local host, owner, lease = ARGV[2], ARGV[3], tonumber(ARGV[4])
if tonumber(redis.call('ZSCORE', P .. ':gate', host) or '0') > now then return 0 end
redis.call('ZADD', P .. ':gate', now + lease, host)
redis.call('HSET', P .. ':holder', host, owner)
touch(host)
return 1
`;

/** ARGV: now, host, owner, gap ms. */
const LEAVE = `
leave(ARGV[2], ARGV[3], tonumber(ARGV[4]))
touch(ARGV[2])
return 1
`;

const SCRIPTS = {
  feedsClaim: CLAIM,
  feedsRelease: RELEASE,
  feedsRenew: RENEW,
  feedsCommit: COMMIT,
  feedsSync: SYNC,
  feedsForget: FORGET,
  feedsPush: PUSH,
  feedsEnter: ENTER,
  feedsLeave: LEAVE,
} as const;

type Argument = string | number;
export type FeedScripts = {
  readonly [name in keyof typeof SCRIPTS]: (keys: number, ...args: Argument[]) => Promise<unknown>;
};

/** The connection with the scripts as commands; a cluster's will do as well. */
export function withFeedScripts<T extends Redis | Cluster>(redis: T): T & FeedScripts {
  for (const [name, lua] of Object.entries(SCRIPTS)) redis.defineCommand(name, { lua: SHARED + lua });
  return redis as T & FeedScripts;
}
