/** The one style sheet: inline, so that no page asks for a second file; its hash stands in the content security policy. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f5f5f2;--card:#fff;--text:#1a1d20;--muted:#5b6168;--line:#dddcd7;--soft:#ecebe6;--link:#14557d;--ok:#1a6b3c;--warn:#855300;--bad:#a4262c;--mark:#ffe9a3;--mark2:#cfe6f7;--marktext:#1a1d20}
@media(prefers-color-scheme:dark){:root{--bg:#121518;--card:#1a1e22;--text:#e4e7ea;--muted:#9ba3ab;--line:#2d3339;--soft:#24292e;--link:#85bde6;--ok:#72c796;--warn:#e2b55f;--bad:#f29490;--mark:#5c4a10;--mark2:#1d4560;--marktext:#f4f6f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
a:focus-visible,summary:focus-visible,input:focus-visible,select:focus-visible,button:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--card);padding:6px 10px;z-index:1}
header.top{background:var(--card);border-bottom:1px solid var(--line)}
.bar{max-width:1200px;margin:0 auto;padding:0 20px;display:flex;align-items:center;gap:24px;flex-wrap:wrap;min-height:52px}
.brand{font-weight:650;letter-spacing:-.01em;font-size:17px;color:var(--text)}
nav{display:flex;gap:4px;flex-wrap:wrap}nav a{padding:6px 10px;border-radius:6px;color:var(--muted)}nav a[aria-current]{color:var(--text);background:var(--soft);font-weight:550}
main{max-width:1200px;margin:0 auto;padding:24px 20px 48px}
footer{max-width:1200px;margin:0 auto;padding:0 20px 32px;color:var(--muted);font-size:13px}
h1{font-size:24px;line-height:1.25;letter-spacing:-.015em;margin:0 0 6px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:16px;margin:0 0 10px;font-weight:650;display:flex;justify-content:space-between;align-items:baseline;gap:12px}h2 a,h2 .more{font-size:13px;font-weight:400}
h3{font-size:14px;margin:16px 0 6px;font-weight:650}
.lead{color:var(--muted);margin:0 0 20px}
.none,.muted{color:var(--muted)}.small{font-size:13px}
section{margin:0 0 28px;min-width:0}
.cols{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:28px;align-items:start}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.banner+.tiles{margin-top:20px}.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px;margin:0 0 28px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px;color:inherit;display:block}
.tile .label{color:var(--muted);font-size:13px}.tile .figure{font-size:26px;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.02em}
.tile .note{font-size:13px;color:var(--muted)}a.tile:hover{text-decoration:none;border-color:var(--muted)}
.banner{border:1px solid var(--line);border-left:4px solid var(--warn);background:var(--card);border-radius:6px;padding:10px 14px;margin:0 0 12px;overflow-wrap:anywhere}.banner.grave{border-left-color:var(--bad)}.banner p{margin:0}.banner p+p{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;margin-top:6px}
ol.list,ul.list{list-style:none;margin:0;padding:0}.list>li{padding:10px 16px;border-top:1px solid var(--line)}.list>li:first-child{border-top:0}
.list .title{font-weight:550;color:var(--text);overflow-wrap:anywhere}.list .facts{font-size:13px;color:var(--muted);display:flex;flex-wrap:wrap;gap:2px 12px}
.facts b{color:var(--text);font-weight:550}
.chip{display:inline-block;font-size:12px;line-height:18px;padding:0 7px;border-radius:9px;background:var(--soft);color:var(--text);white-space:nowrap}
.chips{display:flex;flex-wrap:wrap;gap:4px;margin:6px 0 0}
.state{white-space:nowrap;font-weight:550;font-size:13px}.state::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;background:currentColor;margin-right:7px}
.ok{color:var(--ok)}.warning,.warn{color:var(--warn)}.broken,.bad{color:var(--bad)}.new{color:var(--muted)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}th,td{text-align:left;padding:8px 16px;vertical-align:top;border-top:1px solid var(--line)}thead th{border-top:0;font-weight:550;font-size:13px;color:var(--muted);white-space:nowrap}thead a{color:inherit}thead a[aria-sort]{color:var(--text)}
td.num,th.num{text-align:right;font-variant-numeric:tabular-nums}td .small{display:block;color:var(--muted)}
form.filter{display:flex;gap:8px;flex-wrap:wrap;align-items:end;margin:0 0 16px}form.filter label{font-size:13px;color:var(--muted);display:grid;gap:3px}
input,select,button{font:inherit;font-size:14px;color:var(--text);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:5px 9px;min-height:34px}button{cursor:pointer;font-weight:550}
.choice{margin:0 0 14px}
.pages{display:flex;gap:16px;padding:12px 0}
svg.bar-of{display:block;width:100%;height:6px;border-radius:3px;margin:8px 0 4px;background:var(--soft)}.fill-ok{fill:var(--ok)}.fill-warning{fill:var(--warn)}.fill-broken{fill:var(--bad)}.fill-new{fill:var(--muted)}.fill{fill:var(--link)}
.timeline{list-style:none;margin:0;padding:0}.timeline li{position:relative;padding:0 0 16px 24px;border-left:2px solid var(--line);margin-left:5px}.timeline li:last-child{padding-bottom:0;border-left-color:transparent}
.timeline li::before{content:"";position:absolute;left:-6px;top:7px;width:10px;height:10px;border-radius:50%;background:var(--link);box-shadow:0 0 0 3px var(--bg)}.timeline li.copy::before{background:var(--card);border:2px solid var(--muted)}
.timeline li.copy .title{font-weight:400}.timeline .title{font-weight:550;color:var(--text);overflow-wrap:anywhere}.timeline .facts{font-size:13px;color:var(--muted);display:flex;flex-wrap:wrap;gap:0 12px}
mark{background:var(--mark);color:var(--marktext);border-radius:2px;padding:0 1px}mark.tag{background:var(--mark2)}
.prose{max-width:72ch;overflow-wrap:anywhere}.prose p{margin:0 0 10px;white-space:pre-line}
.meter{display:grid;grid-template-columns:minmax(0,1fr) 44px;gap:0 10px;font-size:14px;padding:7px 16px;border-top:1px solid var(--line)}.meter:first-child{border-top:0}.meter svg{grid-column:1/-1;margin:3px 0}.meter .small{grid-column:1/-1;color:var(--muted)}.meter b{font-weight:550;text-align:right;font-variant-numeric:tabular-nums}
code,.mono{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px}pre{font:13px/1.55 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0;padding:12px 16px}
details{border-top:1px solid var(--line)}details:first-child{border-top:0}summary{padding:9px 16px;cursor:pointer}details[open]>summary{background:var(--soft)}
.tree{list-style:none;margin:0;padding:0 16px 12px;font-size:14px;overflow-wrap:anywhere}.tree .tree{padding:0 0 0 20px}.tree li{padding:2px 0}.yes{color:var(--ok)}.no{color:var(--bad)}.yes,.no{font-weight:650;margin-right:6px}
dl.facts-list{display:grid;grid-template-columns:auto minmax(0,1fr);gap:6px 16px;margin:0;padding:12px 16px;font-size:14px}dl.facts-list dt{color:var(--muted)}dl.facts-list dd{margin:0;overflow-wrap:anywhere}
dl.facts-list .chips{margin:0}
.empty{padding:16px;color:var(--muted);margin:0}
@media(max-width:860px){.cols{grid-template-columns:minmax(0,1fr);gap:0}.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media(max-width:560px){main{padding:16px 14px 40px}.bar{padding:6px 14px;gap:4px 16px}h1{font-size:20px}.tile{padding:10px 12px}.tile .figure{font-size:22px}th,td,.list>li,.meter,summary,pre,dl.facts-list{padding-left:12px;padding-right:12px}.wide{display:none}}
`;
