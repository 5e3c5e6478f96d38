import { RANKED_LIMIT } from './plan-join.ts';

/**
 * The Lua scripts of the story store, and how it keeps things. All keys begin with the prefix, which holds a hash tag: one slot on Redis Cluster, so that scripts
 * may find further keys. Redis 7.0 and Valkey, no modules.
 *
 *   r:<article>          hash: s the story's number, l its revisions (lines), r:<revision> the answer
 *   s:<number>           string: the story (see SHARED)
 *   m:<number>           string: the number of the story it was merged into
 *   p:<epoch>:<shard>    hash: the upper half of a term's key → the last stories under it, four bytes each. Small hashes stay packed.
 *   c:<generation>       string: in how many stories terms were met, three bytes a cell; the last cell counts stories
 *   n                    hash: n the last story's number, t how many commits there were
 *
 * A story is struct '<I4 d d I4': the commit that last touched it, its first and last article's time, the length of its state (JSON); then the state, then its
 * members, each after its length ('<I2').
 */
const SHARED = `
local prefix = ARGV[1]
local function resolve(number)
  for _ = 1, 16 do
    local target = redis.call('GET', prefix .. ':m:' .. number)
    if not target then break end
    number = tonumber(target)
  end
  return number
end
local function storyKey(number) return prefix .. ':s:' .. number end
local function postingKey(epoch, key) return prefix .. ':p:' .. epoch .. ':' .. (key % 65536) end
local function postingField(key) return struct.pack('<I2', math.floor(key / 65536)) end
local HEAD = 24
local function unpackHead(raw) return struct.unpack('<I4ddI4', raw) end
local function stateText(raw)
  local _, _, _, length = unpackHead(raw)
  return string.sub(raw, HEAD + 1, HEAD + length)
end
local function membersOf(raw)
  local _, _, _, length = unpackHead(raw)
  local at, all = HEAD + length + 1, {}
  while at <= #raw do
    local size = struct.unpack('<I2', raw, at)
    all[#all + 1] = string.sub(raw, at + 2, at + 1 + size)
    at = at + 2 + size
  end
  return all
end
local function packStory(touched, state, members, first, last)
  local text = cjson.encode(state)
  local parts = {struct.pack('<I4ddI4', touched, state.firstAt, state.lastAt, #text), text}
  local from = #members - last
  for index, member in ipairs(members) do
    if #members <= first + last or index <= first or index > from then
      parts[#parts + 1] = struct.pack('<I2', #member) .. member
    end
  end
  return table.concat(parts)
end
-- The stories under the looked-up terms, the most of rare terms first: {{number, score}…}, and the sum of all terms' rarity.
-- ARGV from 'at': count, then key and rarity of each.
local function rank(at, epoch)
  local scores, total = {}, 0
  for index = 1, tonumber(ARGV[at]) do
    local key, rarity = tonumber(ARGV[at + index * 2 - 1]), tonumber(ARGV[at + index * 2])
    total = total + rarity
    local found, field = {}, postingField(key)
    for past = 0, 1 do
      local packed = redis.call('HGET', postingKey(epoch - past, key), field) or ''
      for offset = 1, #packed, 4 do found[struct.unpack('<I4', packed, offset)] = true end
    end
    for number in pairs(found) do scores[number] = (scores[number] or 0) + rarity end
  end
  -- The best by insertion: sorting all would cost more than everything else.
  local ranked, most = {}, ${RANKED_LIMIT}
  for number, score in pairs(scores) do
    local place = #ranked + 1
    while place > 1 do
      local above = ranked[place - 1]
      if above[2] > score or (above[2] == score and above[1] > number) then break end
      place = place - 1
    end
    if place <= most then
      table.insert(ranked, place, {number, score})
      ranked[most + 1] = nil
    end
  end
  return ranked, total
end
-- Walks the ranked stories that are still open; 'visit' gets number, raw (its head alone where that is enough), score.
local function walk(ranked, at, window, limit, headOnly, visit)
  local function read(number)
    if not headOnly then return redis.call('GET', storyKey(number)) end
    local head = redis.call('GETRANGE', storyKey(number), 0, HEAD - 1)
    return head ~= '' and head
  end
  local seen, count = {}, 0
  for _, entry in ipairs(ranked) do
    if count >= limit then break end
    local number = entry[1]
    local raw = read(number)
    if not raw then
      number = resolve(number)
      raw = number ~= entry[1] and read(number)
    end
    if raw and not seen[number] then
      seen[number] = true
      local _, firstAt, lastAt = unpackHead(raw)
      if at - lastAt <= window and firstAt - at <= window then
        count = count + 1
        visit(number, raw, entry[2])
      end
    end
  end
end
`;

/**
 * KEYS record; ARGV prefix, revision, at, window (ms), epoch, generation, candidate limit, cells' count, cells…, lookups' count, (key, rarity)…
 * Returns {'known', answer} | {'revised', last answer} | {'asked', commits so far, counts (the cells', then of stories), number, story, number, story…}.
 */
export const LOOK_UP = `${SHARED}
local known = redis.call('HGET', KEYS[1], 'r:' .. ARGV[2])
if known then return {'known', known} end
local revisions = redis.call('HGET', KEYS[1], 'l')
if revisions then return {'revised', redis.call('HGET', KEYS[1], 'r:' .. string.match(revisions, '[^\\n]+$'))} end
local cells = tonumber(ARGV[8])
local counts = {}
for past = 0, 1 do
  local read = {'BITFIELD_RO', prefix .. ':c:' .. (tonumber(ARGV[6]) - past)}
  for index = 1, cells do
    read[#read + 1] = 'GET'
    read[#read + 1] = 'u24'
    read[#read + 1] = '#' .. ARGV[8 + index]
  end
  for index, count in ipairs(redis.call(unpack(read))) do counts[index] = (counts[index] or 0) + count end
end
local reply = {'asked', tonumber(redis.call('HGET', prefix .. ':n', 't') or '0'), counts}
local ranked = rank(9 + cells, tonumber(ARGV[5]))
walk(ranked, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[7]), false, function(number, raw)
  reply[#reply + 1] = number
  reply[#reply + 1] = raw
end)
return reply
`;

/**
 * KEYS record; ARGV prefix, revision, at, window (ms), epoch, generation, candidate limit, commits when it was asked (-1: do not look), the story's number (0: a new one), what
 * the article adds (JSON), its bytes, whether it stands for the story ('1'), the decision (JSON), story TTL, index TTL, record TTL (s), first and last members kept, set limits (JSON), posting limit,
 * merges' count, numbers…, posted keys' count, keys…, cells' count, cells…, lookups' count, (key, rarity)…
 * Returns {'known' | 'done', answer} | {'stale'}: what the decision was made on has changed since.
 */
export const COMMIT = `${SHARED}
local known = redis.call('HGET', KEYS[1], 'r:' .. ARGV[2])
if known then return {'known', known} end
if redis.call('EXISTS', KEYS[1]) == 1 then return {'stale'} end
local epoch, asked, wanted = tonumber(ARGV[5]), tonumber(ARGV[8]), tonumber(ARGV[9])
local at = 20
local function list()
  at = at + 1
  local from, count, all = at, tonumber(ARGV[at]), {}
  for index = 1, count do all[index] = ARGV[from + index] end
  at = from + count
  return all
end
local merges, posted, cells = list(), list(), list()
local function union(one, other, limit)
  local seen, all = {}, {}
  for line in string.gmatch(one .. '\\n' .. other, '[^\\n]+') do
    if #all < limit and not seen[line] then
      seen[line] = true
      all[#all + 1] = line
    end
  end
  return table.concat(all, '\\n')
end
local limits = cjson.decode(ARGV[19])
local function fold(older, newer)
  older.firstAt = math.min(older.firstAt, newer.firstAt)
  older.lastAt = math.max(older.lastAt, newer.lastAt)
  older.articles = older.articles + newer.articles
  for set, limit in pairs(limits) do older[set] = union(older[set], newer[set], limit) end
end
-- A new story: has one that could be the article's been touched since? One with a tenth of its rare terms could.
if wanted == 0 and asked >= 0 then
  local ranked, total = rank(at + 1, epoch)
  local stale = false
  walk(ranked, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[7]), true, function(_, raw, score)
    local touched = unpackHead(raw)
    if touched > asked and score * 10 >= total then stale = true end
  end)
  if stale then return {'stale'} end
end
local own = cjson.decode(ARGV[10])
local target, raw = 0, nil
local others = {}
if wanted > 0 then
  target = resolve(wanted)
  raw = redis.call('GET', storyKey(target))
  if not raw then return {'stale'} end
  for _, number in ipairs(merges) do
    local other = resolve(tonumber(number))
    local text = other ~= target and not others[other] and redis.call('GET', storyKey(other))
    if text then others[other] = text end
  end
end
local numbers = {}
for number in pairs(others) do numbers[#numbers + 1] = number end
if target > 0 then numbers[#numbers + 1] = target end
table.sort(numbers)
others[target] = raw
local touched = redis.call('HINCRBY', prefix .. ':n', 't', 1)
local state, members, merged, before = nil, {}, {}, 'null'
if #numbers == 0 then
  target = redis.call('HINCRBY', prefix .. ':n', 'n', 1)
  state = own
else
  target = numbers[1]
  before = stateText(others[target])
  state = cjson.decode(before)
  members = membersOf(others[target])
  for index = 2, #numbers do
    local number = numbers[index]
    local newer = cjson.decode(stateText(others[number]))
    fold(state, newer)
    for _, member in ipairs(membersOf(others[number])) do members[#members + 1] = member end
    members = membersOf(packStory(0, state, members, tonumber(ARGV[17]), tonumber(ARGV[18])))
    redis.call('DEL', storyKey(number))
    redis.call('SET', prefix .. ':m:' .. number, target, 'EX', ARGV[15])
    merged[#merged + 1] = '"' .. newer.id .. '"'
  end
  fold(state, own)
end
if ARGV[12] == '1' or #members == 0 then members[#members + 1] = ARGV[11] end
local packed = packStory(touched, state, members, tonumber(ARGV[17]), tonumber(ARGV[18]))
redis.call('SET', storyKey(target), packed, 'EX', ARGV[14])
for _, text in ipairs(posted) do
  local key = tonumber(text)
  local name, field, mark = postingKey(epoch, key), postingField(key), struct.pack('<I4', target)
  local kept = {}
  local now = redis.call('HGET', name, field) or ''
  for offset = 1, #now, 4 do
    local one = string.sub(now, offset, offset + 3)
    if one ~= mark then kept[#kept + 1] = one end
  end
  kept[#kept + 1] = mark
  local from = math.max(1, #kept - tonumber(ARGV[20]) + 1)
  redis.call('HSET', name, field, table.concat(kept, '', from))
  redis.call('EXPIRE', name, ARGV[15])
end
-- Counted once for each story: forty reports of one event must not make its words common.
if #numbers == 0 then
  local count = {'BITFIELD', prefix .. ':c:' .. ARGV[6], 'OVERFLOW', 'SAT'}
  for _, cell in ipairs(cells) do
    count[#count + 1] = 'INCRBY'
    count[#count + 1] = 'u24'
    count[#count + 1] = '#' .. cell
    count[#count + 1] = 1
  end
  redis.call(unpack(count))
  redis.call('EXPIRE', prefix .. ':c:' .. ARGV[6], ARGV[15])
end
redis.call('EXPIRE', prefix .. ':n', ARGV[16])
local answer = '{"decision":' .. ARGV[13] .. ',"before":' .. before .. ',"after":' .. stateText(packed) .. ',"merged":[' .. table.concat(merged, ',') .. ']}'
redis.call('HSET', KEYS[1], 's', target, 'l', ARGV[2], 'r:' .. ARGV[2], answer)
redis.call('EXPIRE', KEYS[1], ARGV[16])
return {'done', answer}
`;

/**
 * KEYS record; ARGV prefix, revision, article id, headline ('' where it has no title), the decision (JSON), record TTL (s), answers kept.
 * Returns {'known' | 'done', answer}, {'stale'} where the record is gone. A revision of a story's first article gives it its new headline.
 */
export const REVISE = `${SHARED}
local known = redis.call('HGET', KEYS[1], 'r:' .. ARGV[2])
if known then return {'known', known} end
local record = redis.call('HMGET', KEYS[1], 's', 'l')
if not record[1] then return {'stale'} end
local number = resolve(tonumber(record[1]))
local raw = redis.call('GET', storyKey(number))
local before, after
if raw then
  before = stateText(raw)
  after = before
  local state = cjson.decode(before)
  if state.founder == ARGV[3] and ARGV[4] ~= '' then
    state.headline = ARGV[4]
    local touched = unpackHead(raw)
    local packed = packStory(touched, state, membersOf(raw), 1000, 1000)
    redis.call('SET', storyKey(number), packed, 'KEEPTTL')
    after = stateText(packed)
  end
else
  local last = redis.call('HGET', KEYS[1], 'r:' .. string.match(record[2], '[^\\n]+$'))
  before = cjson.encode(cjson.decode(last).after)
  after = before
end
local answer = '{"decision":' .. ARGV[5] .. ',"before":' .. before .. ',"after":' .. after .. ',"merged":[]}'
local revisions = {}
for one in string.gmatch(record[2], '[^\\n]+') do revisions[#revisions + 1] = one end
revisions[#revisions + 1] = ARGV[2]
if #revisions > tonumber(ARGV[7]) then redis.call('HDEL', KEYS[1], 'r:' .. table.remove(revisions, 2)) end
redis.call('HSET', KEYS[1], 'l', table.concat(revisions, '\\n'), 'r:' .. ARGV[2], answer)
redis.call('EXPIRE', KEYS[1], ARGV[6])
return {'done', answer}
`;
