/**
 * Titles of live blogs, briefings and round-ups: pages about many events, which would glue a day together. By language, as outlets title them
 * (the Guardian, BBC, Al Jazeera, Le Monde, TVN24, Onet, Spiegel, El País, RIA, Meduza in 2020 to 2023).
 */
const ROUNDUP_TITLES: readonly RegExp[] = [
  // English
  /\blive(?: blog| updates?| coverage)\b|\blive\s*[:|–-]|[–|:-]\s*(?:as it happened|live)\s*$|\bas it happened\b/iu,
  /\bat a glance\b|\bwhat we know (?:so far|on day)\b|\b(?:list of )?key (?:events|developments)\b|\bday \d+ of\b/iu,
  /\b(?:morning|evening|daily|weekly|news|afternoon|live|(?:mon|tues|wednes|thurs|fri|satur|sun)day) (?:briefing|brief|digest|round-?up|mail|newsletter|quiz|wrap|rundown|report)\b/iu,
  /\b(?:politics|business|markets?|sports?) live\s*$|\bup first briefing\b|\bpodcast\s*(?::|$)|\bwhat happened in .+ this week\b|\bthe week (?:in|around the world)\b/iu,
  /^(?:first thing|the papers|briefing|newsletter|what to watch|the week in|this week in|week in|today in|on this day|letters?|crossword|quiz)\b/iu,
  /\b(?:week|day|photos?|pictures?|images) (?:in|of the) (?:pictures|photos|review|week|day)\b|\bround-?up\b|\btop (?:\d+ )?(?:stories|headlines)\b|\bthings to know\b/iu,
  // Polish
  /\b(?:relacja|transmisja)\s+(?:na żywo|live)\b|\bna żywo\b|\bco (?:się )?wydarzyło(?: się)?\b|\bpodsumowanie (?:dnia|tygodnia|nocy)\b|\b\d+\.? dzień (?:wojny|inwazji|rosyjskiej)\b/iu,
  /\b(?:przegląd|skrót) (?:prasy|wydarzeń|dnia|tygodnia)\b|\bco musisz wiedzieć(?!\p{L})|\brzeczy, które warto (?:dziś )?wiedzieć(?!\p{L})/iu,
  // German, French, Spanish, Portuguese, Italian
  /\b(?:liveticker|newsblog|liveblog|nachrichtenüberblick|die lage am)\b|\ben direct\b|\bl['’]essentiel\b|\bce qu['’]il faut (?:savoir|retenir)\b/iu,
  /(?<!\p{L})(?:en vivo|en directo|última hora|minuto a minuto|lo último|ao vivo|in diretta|resumen (?:del día|de la semana))\b/iu,
  // Russian, Ukrainian, Chinese, Arabic
  /онлайн[- ]?трансляция|главное (?:за|к)|хроника|итоги (?:дня|недели)|\d+-й день войны|головне за|早报|晚报|早新闻|一周|直播|مباشر|أبرز/iu,
];

/** Whether the title is that of a live blog or a round-up. */
export const spotRoundup = (title: string): boolean => ROUNDUP_TITLES.some((pattern) => pattern.test(title));
