/**
 * What is under an article's terms. It reads lists alone: ranking them in Lua would cost Redis, which all share, more than everything else.
 *
 * KEYS record; ARGV prefix, revision, epoch, the epoch before, then of each term its shard and its field.
 * Returns {'asked', commits so far, lists}: of each term this epoch's and the last one's list, each after its length in one byte; or {'record', the article's record},
 * or, of version 1, {'known', answer} | {'revised', last answer}.
 */
export const READ_INDEX = `
local record = redis.pcall('GET', KEYS[1])
if type(record) == 'table' then
  local known = redis.call('HGET', KEYS[1], 'r:' .. ARGV[2])
  if known then return {'known', known} end
  local revisions = redis.call('HGET', KEYS[1], 'l')
  return {'revised', redis.call('HGET', KEYS[1], 'r:' .. string.match(revisions, '[^\\n]+$'))}
end
if record then return {'record', record} end
local now, past = ARGV[1] .. ':p:' .. ARGV[3] .. ':', ARGV[1] .. ':p:' .. ARGV[4] .. ':'
local call, char, lists, count = redis.call, string.char, {}, 0
for index = 5, #ARGV, 2 do
  local shard, field = ARGV[index], ARGV[index + 1]
  local new, old = call('HGET', now .. shard, field), call('HGET', past .. shard, field)
  lists[count + 1] = new and char(#new / 4) .. new or '\\0'
  lists[count + 2] = old and char(#old / 4) .. old or '\\0'
  count = count + 2
end
return {'asked', tonumber(call('HGET', ARGV[1] .. ':n', 't') or '0'), table.concat(lists)}
`;
