import { POSTING_LIMIT } from './plan-join.ts';
import { FOLD, KEPT_COMMITS, SHARED } from './story-script-parts.ts';

/** Lua: could a commit since `asked` have made or touched the article's story? One that has a tenth of its looked-up terms, by rarity, could be it. */
const STALE = `
local function isStale(asked, since, total, likely, lookups)
  if since <= 0 then return false end
  local before, rarity = {}, {}
  for at = 1, #likely, 12 do before[string.sub(likely, at, at + 3)] = struct.unpack('<d', likely, at + 4) end
  for at = 1, #lookups, 12 do rarity[string.sub(lookups, at, at + 3)] = struct.unpack('<d', lookups, at + 4) end
  local traces = 0
  for _, trace in ipairs(redis.call('LRANGE', prefix .. ':l', -since, -1)) do
    if struct.unpack('<I4', trace) > asked then
      traces = traces + 1
      local score = before[string.sub(trace, 5, 8)] or 0
      for at = 9, #trace, 4 do score = score + (rarity[string.sub(trace, at, at + 3)] or 0) end
      if score * 10 >= total then return true end
    end
  end
  -- One that left no trace: too long ago, or by a process of an older version.
  return traces < since
end
`;

/**
 * Keeps what was decided of an article, unless what it was decided on has changed.
 *
 * KEYS record; ARGV prefix, revision, epoch, generation, commits when it was asked (-1: do not look), the story's number (0: a new one), the article as a story of
 * its own ('<dd' and a body), its bytes as a member, whether it stands for the story ('1'), the decision (JSON), story TTL, index TTL, record TTL (s), merges (a line
 * each), the sum of the looked-up terms' rarity, likely stories ('<I4d': number and rarity of the terms they share), looked-up terms ('<I4d': key, rarity), posted terms ('<I4'), then
 * of each posted term its shard and its field, and for a new story the cells (`#7`) in which it counts.
 * Returns {'record', the record that is there} | {'done', answer} | {'stale'}.
 */
export const COMMIT = `${SHARED}${FOLD}${STALE}
local record = redis.pcall('GET', KEYS[1])
if record then return type(record) == 'table' and {'stale'} or {'record', record} end
local revision, epoch, wanted, decision = ARGV[2], ARGV[3], tonumber(ARGV[6]), ARGV[10]
local storyTtl, indexTtl, recordTtl, posted = ARGV[11], ARGV[12], ARGV[13], ARGV[18]
local asked = tonumber(ARGV[5])
if wanted == 0 and asked >= 0 then
  local since = tonumber(redis.call('HGET', prefix .. ':n', 't') or '0') - asked
  if isStale(asked, since, tonumber(ARGV[15]), ARGV[16], ARGV[17]) then return {'stale'} end
end
local target, numbers, raws = 0, {}, {}
local function add(number)
  number = resolve(number)
  if raws[number] then return true end
  local raw = redis.call('GET', storyKey(number))
  if not raw then return false end
  raws[number] = raw
  numbers[#numbers + 1] = number
  return true
end
if wanted > 0 then
  if not add(wanted) then return {'stale'} end
  for number in string.gmatch(ARGV[14], '%d+') do add(tonumber(number)) end
  table.sort(numbers)
end
local touched = redis.call('HINCRBY', prefix .. ':n', 't', 1)
local before, after, packed, merged = '', ARGV[7], nil, {}
if wanted == 0 then
  target = redis.call('HINCRBY', prefix .. ':n', 'n', 1)
  packed = struct.pack('<I4', touched) .. string.sub(after, 1, 16) .. struct.pack('<I4', #after - 16) .. string.sub(after, 17) .. struct.pack('<I2', #ARGV[8]) .. ARGV[8]
else
  target = numbers[1]
  local state = readStory(raws[target])
  before = packSummary(state)
  for index = 2, #numbers do
    local newer = readStory(raws[numbers[index]])
    fold(state, newer)
    for _, member in ipairs(newer.members) do state.members[#state.members + 1] = member end
    state.members = keepMembers(state.members)
    redis.call('DEL', storyKey(numbers[index]))
    redis.call('SET', prefix .. ':m:' .. numbers[index], target, 'EX', indexTtl)
    merged[#merged + 1] = newer.id
  end
  local own = readBody(ARGV[7], 17)
  own.firstAt, own.lastAt = struct.unpack('<dd', ARGV[7])
  fold(state, own)
  state.touched = touched
  if ARGV[9] == '1' or #state.members == 0 then
    state.members[#state.members + 1] = struct.pack('<I2', #ARGV[8]) .. ARGV[8]
    state.members = keepMembers(state.members)
  end
  after = packSummary(state)
  packed = packStory(state, after)
end
redis.call('SET', storyKey(target), packed, 'EX', storyTtl)
local mark, from = struct.pack('<I4', target), 19 + #posted / 2
for index = 19, from - 1, 2 do
  local name, field = prefix .. ':p:' .. epoch .. ':' .. ARGV[index], ARGV[index + 1]
  local list = redis.call('HGET', name, field) or ''
  if string.sub(list, -4) ~= mark then
    local at = string.find(list, mark, 1, true)
    while at and at % 4 ~= 1 do at = string.find(list, mark, at + 1, true) end
    if at then list = string.sub(list, 1, at - 1) .. string.sub(list, at + 4) end
    redis.call('HSET', name, field, string.sub(list, -${(POSTING_LIMIT - 1) * 4}) .. mark)
  end
  redis.call('EXPIRE', name, indexTtl)
end
-- Counted once for each story: forty reports of one event must not make its words common.
if wanted == 0 then
  local counts, added = prefix .. ':c:' .. ARGV[4], {}
  for index = from, #ARGV do
    local at = (index - from) * 4
    added[at + 1], added[at + 2], added[at + 3], added[at + 4] = 'INCRBY', 'u24', ARGV[index], 1
  end
  redis.call('BITFIELD', counts, 'OVERFLOW', 'SAT', unpack(added))
  redis.call('EXPIRE', counts, indexTtl)
end
redis.call('RPUSH', prefix .. ':l', struct.pack('<I4', touched) .. mark .. posted)
redis.call('LTRIM', prefix .. ':l', -${KEPT_COMMITS}, -1)
redis.call('EXPIRE', prefix .. ':l', indexTtl)
-- Numbers must not begin again while anything still points to the old ones.
redis.call('EXPIRE', prefix .. ':n', math.max(tonumber(indexTtl), tonumber(recordTtl)))
local answer = packAnswer(decision, before, after, table.concat(merged, '\\n'))
redis.call('SET', KEYS[1], struct.pack('<BI4BI2c0I4c0', 2, target, 1, #revision, revision, #answer, answer), 'EX', recordTtl)
return {'done', answer}
`;
