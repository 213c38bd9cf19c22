// How the HTML report looks, in light, in dark and on paper.

export const pageStyle = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#56657a;--line:#dfe4ea;--accent:#0b62c4;--good:#17734a;--critical:#a3123a;--high:#b3380f;--medium:#80600a;--low:#56657a;--shade:#eef1f5}
@media screen and (prefers-color-scheme:dark){:root{--bg:#0f151c;--card:#171f29;--ink:#e6ecf3;--soft:#9dabbd;--line:#2a3644;--accent:#6cb2ff;--good:#5fd09a;--critical:#ff8aa5;--high:#ff9d72;--medium:#ecc352;--low:#9dabbd;--shade:#1e2935}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1{font-size:2rem;line-height:1.2;margin:0;letter-spacing:-.02em}
h2{font-size:1.15rem;margin:2.25rem 0 .75rem}
p{margin:.25rem 0}
.facts{color:var(--soft)}
.legs{display:grid;grid-template-columns:repeat(4,1fr);gap:1rem;margin:1.5rem 0;padding:0;list-style:none}
.leg,.next,.group,.note{background:var(--card);border:1px solid var(--line);border-radius:.75rem}
.leg{padding:1rem 1.1rem}
.leg h2{margin:0;font-size:1rem}
.dots{display:flex;gap:.35rem;margin:.5rem 0}
.dot{width:1.05rem;height:1.05rem;border-radius:50%;border:2px solid var(--line)}
.dot.told{border-color:var(--accent);background:var(--accent)}
.dot.proven{border-color:var(--good);background:var(--good)}
.leg .name{font-weight:600}
.leg progress{width:100%;height:.5rem;margin-top:.5rem;accent-color:var(--accent)}
.next{padding:1.1rem 1.25rem;border-left:.35rem solid var(--accent)}
.next strong{font-size:1.1rem}
.next .who{color:var(--soft)}
code,pre{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:var(--shade);border-radius:.3rem;padding:.1rem .35rem;overflow-wrap:anywhere}
form{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;margin:0 0 1rem}
form[hidden]{display:none}
label{display:grid;font-size:.85rem;color:var(--soft);gap:.15rem}
select,input{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.4rem .6rem;min-height:2.4rem}
#shown{color:var(--soft);margin-left:auto}
.group{margin:0 0 .6rem}
summary{display:flex;flex-wrap:wrap;gap:.35rem .75rem;align-items:center;padding:.7rem 1rem;cursor:pointer;border-radius:.75rem}
summary:hover{background:var(--shade)}
summary .title{font-weight:600;flex:1 1 20rem}
.meta{color:var(--soft);font-size:.9rem}
.badge{font-size:.78rem;font-weight:700;text-transform:uppercase;letter-spacing:.04em;border:1.5px solid currentColor;border-radius:2rem;padding:.05rem .6rem}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low,.unknown{color:var(--low)}
.body{padding:.25rem 1rem 1rem;border-top:1px solid var(--line)}
.body ul{margin:.6rem 0 0;padding:0;list-style:none}
.body li{padding:.4rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.body li:first-child{border-top:0}
.place{display:inline-block;margin-right:.5rem}
.note{padding:.75rem 1rem;margin:0 0 .5rem}
footer{max-width:68rem;margin:3rem auto 2rem;padding:0 1.25rem;color:var(--soft);font-size:.9rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media(max-width:60rem){.legs{grid-template-columns:repeat(2,1fr)}}
@media(max-width:28rem){.legs{grid-template-columns:1fr}}
@media print{:root{color-scheme:light}body{background:#fff}form{display:none!important}li,summary{break-inside:avoid}summary{break-after:avoid}details::details-content{display:block;content-visibility:visible;block-size:auto}}
`.trim();
