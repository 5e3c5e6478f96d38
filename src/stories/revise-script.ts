import { SHARED } from './story-script-parts.ts';

/**
 * Keeps a further revision of an article that has its story. A revision of a story's first article gives it its new headline.
 *
 * KEYS record; ARGV prefix, revision, article id, headline ('' where it has no title), the decision (JSON), record TTL (s), answers kept.
 * Returns {'record', the record} where the revision is known, {'done', answer}, or {'stale'} where the record is gone.
 */
export const REVISE = `${SHARED}
local revision = ARGV[2]
local number, answers = nil, {}
local function readRecord(record)
  local version, count, at
  version, number, count, at = struct.unpack('<BI4B', record)
  for index = 1, count do
    local name, answer
    name, answer, at = struct.unpack('<I2c0I4c0', record, at)
    answers[index] = {name, answer}
    if name == revision then return true end
  end
  return false
end
-- The story as the last answer left it: an answer of version 1 is JSON.
local function lastSummary()
  if #answers > 0 then
    local _, _, _, after = struct.unpack('<BI2c0I4c0I4c0', answers[#answers][2])
    return after
  end
  local revisions = redis.call('HGET', KEYS[1], 'l')
  local last = redis.call('HGET', KEYS[1], 'r:' .. string.match(revisions, '[^\\n]+$'))
  return packSummary(fromJson(cjson.encode(cjson.decode(last).after)))
end
local record = redis.pcall('GET', KEYS[1])
if not record then return {'stale'} end
if type(record) == 'table' then
  if redis.call('HEXISTS', KEYS[1], 'r:' .. revision) == 1 then return {'stale'} end
  number = tonumber(redis.call('HGET', KEYS[1], 's'))
elseif readRecord(record) then
  return {'record', record}
end
local current = resolve(number)
local raw = redis.call('GET', storyKey(current))
local before, after
if raw then
  local state = readStory(raw)
  before = packSummary(state)
  after = before
  if state.founder == ARGV[3] and ARGV[4] ~= '' then
    state.headline = ARGV[4]
    after = packSummary(state)
    redis.call('SET', storyKey(current), packStory(state, after), 'KEEPTTL')
  end
else
  before = lastSummary()
  after = before
end
local answer = packAnswer(ARGV[5], before, after, '')
answers[#answers + 1] = {revision, answer}
if #answers > tonumber(ARGV[7]) then table.remove(answers, 2) end
local parts = {struct.pack('<BI4B', 2, number, #answers)}
for index, one in ipairs(answers) do parts[index + 1] = struct.pack('<I2c0I4c0', #one[1], one[1], #one[2], one[2]) end
redis.call('SET', KEYS[1], table.concat(parts), 'EX', ARGV[6])
return {'done', answer}
`;
