import { SET_LIMITS } from './fold-story.ts';
import { FIRST_MEMBERS, LAST_MEMBERS } from './plan-join.ts';

/** Bytes of a set's token: see stored-story.ts. */
export const TOKEN_BYTES = 6;
/** Commits whose traces are kept: many times what is under way at one moment. */
export const KEPT_COMMITS = 256;

/**
 * What the story store's Lua scripts share, and how it keeps things. All keys begin with the prefix, which holds a hash tag: one slot on Redis Cluster, so that scripts
 * may find further keys. Redis 7.0 and Valkey, no modules.
 *
 *   r:<article>          string: the story's number and the answers, one for each revision (RECORD)
 *   s:<number>           string: the story (STORY)
 *   m:<number>           string: the number of the story it was merged into
 *   p:<epoch>:<shard>    hash: the upper half of a term's key → the last stories under it, four bytes each. Small hashes stay packed.
 *   c:<generation>       string: in how many stories terms were met, three bytes a cell; the last cell counts stories
 *   n                    hash: n the last story's number, t how many commits there were
 *   l                    list: the last commits, each its number, its story's and the terms it posted, four bytes each
 *
 * All numbers are little-endian. STORY is '<I4ddI4': the commit that last touched it, its first and last article's time, the length of its body; then the body;
 * then its members, each after its length ('<I2'). A body is a version byte, '<I4I2I2' for its articles, sources and origins, six strings after their lengths, and
 * the tokens of its sources and origins. RECORD is '<BI4B': version, story, number of answers; then each revision ('<I2') and its answer ('<I4'). An
 * answer is a version byte, the decision (JSON, '<I2'), the story before and after ('<I4', empty for none: its two times and its body up to the tokens), and the ids
 * of the stories merged into it, a line each ('<I2').
 *
 * Version 1 had JSON for bodies and answers, and a hash for a record; it is read, never written.
 */
export const SHARED = `
local prefix = ARGV[1]
local HEAD, TOKEN = 24, ${TOKEN_BYTES}
local BODY = '<BI4I2I2I2c0I2c0I4c0I2c0I2c0I2c0'
local function storyKey(number) return prefix .. ':s:' .. number end
local function resolve(number)
  for _ = 1, 16 do
    local target = redis.call('GET', prefix .. ':m:' .. number)
    if not target then break end
    number = tonumber(target)
  end
  return number
end
local function tokensOf(lines)
  local all, count = {}, 0
  for line in string.gmatch(lines, '[^\\n]+') do
    count = count + 1
    all[count] = string.gsub(string.sub(redis.sha1hex(line), 1, TOKEN * 2), '..', function(two) return string.char(tonumber(two, 16)) end)
  end
  return table.concat(all), count
end
-- Version 1.
local function fromJson(text)
  local old = cjson.decode(text)
  local state = {}
  for name, value in pairs(old) do state[name] = value end
  state.sourceTokens, state.sources = tokensOf(old.sources)
  state.originTokens, state.origins = tokensOf(old.origins)
  return state
end
local function readBody(text, from)
  local version, at
  local state = {}
  version, state.articles, state.sources, state.origins, state.id, state.founder, state.headline, state.languages, state.entities, state.topics, at =
    struct.unpack(BODY, text, from)
  local middle = at + state.sources * TOKEN
  state.sourceTokens = string.sub(text, at, middle - 1)
  state.originTokens = string.sub(text, middle, middle + state.origins * TOKEN - 1)
  return state
end
local function readStory(raw)
  local touched, firstAt, lastAt, length = struct.unpack('<I4ddI4', raw)
  local isJson = string.byte(raw, HEAD + 1) == 123
  local state = isJson and fromJson(string.sub(raw, HEAD + 1, HEAD + length)) or readBody(raw, HEAD + 1)
  state.touched, state.firstAt, state.lastAt, state.members = touched, firstAt, lastAt, {}
  local at = HEAD + length + 1
  while at <= #raw do
    local size = struct.unpack('<I2', raw, at)
    state.members[#state.members + 1] = string.sub(raw, at, at + 1 + size)
    at = at + 2 + size
  end
  return state
end
-- A story as others see it: what an answer keeps.
local function packSummary(state)
  return struct.pack('<dd', state.firstAt, state.lastAt) .. struct.pack(BODY, 2, state.articles, state.sources, state.origins, #state.id, state.id,
    #state.founder, state.founder, #state.headline, state.headline, #state.languages, state.languages, #state.entities, state.entities, #state.topics, state.topics)
end
local function keepMembers(all)
  local first, last = ${FIRST_MEMBERS}, ${LAST_MEMBERS}
  if #all <= first + last then return all end
  local kept = {}
  for index = 1, first do kept[index] = all[index] end
  for index = #all - last + 1, #all do kept[#kept + 1] = all[index] end
  return kept
end
local function packStory(state, summary)
  local body = string.sub(summary, 17) .. state.sourceTokens .. state.originTokens
  return struct.pack('<I4ddI4', state.touched, state.firstAt, state.lastAt, #body) .. body .. table.concat(state.members)
end
local function packAnswer(decision, before, after, merged)
  return struct.pack('<BI2c0I4c0I4c0I2c0', 2, #decision, decision, #before, before, #after, after, #merged, merged)
end
`;

/** Lua that folds one story or article into another, with the rules of fold-story.ts (a test holds the two together). */
export const FOLD = `
local function holds(tokens, token)
  local at = string.find(tokens, token, 1, true)
  while at and at % TOKEN ~= 1 do at = string.find(tokens, token, at + 1, true) end
  return at ~= nil
end
local function addTokens(tokens, count, further, limit)
  for at = 1, #further, TOKEN do
    if count >= limit then break end
    local token = string.sub(further, at, at + TOKEN - 1)
    if not holds(tokens, token) then tokens, count = tokens .. token, count + 1 end
  end
  return tokens, count
end
local function union(one, other, limit)
  if other == '' or one == other then return one end
  local seen, all = {}, {}
  for line in string.gmatch(one .. '\\n' .. other, '[^\\n]+') do
    if #all < limit and not seen[line] then
      seen[line] = true
      all[#all + 1] = line
    end
  end
  return table.concat(all, '\\n')
end
local function fold(older, newer)
  older.firstAt = math.min(older.firstAt, newer.firstAt)
  older.lastAt = math.max(older.lastAt, newer.lastAt)
  older.articles = older.articles + newer.articles
  older.sourceTokens, older.sources = addTokens(older.sourceTokens, older.sources, newer.sourceTokens, ${SET_LIMITS.sources})
  older.originTokens, older.origins = addTokens(older.originTokens, older.origins, newer.originTokens, ${SET_LIMITS.origins})
  older.languages = union(older.languages, newer.languages, ${SET_LIMITS.languages})
  older.entities = union(older.entities, newer.entities, ${SET_LIMITS.entities})
  older.topics = union(older.topics, newer.topics, ${SET_LIMITS.topics})
end
`;
