// SPDX-License-Identifier: Apache-2.0
// Style sheet and script of the report.
#include "hortega/output/assets.hpp"

namespace hortega::output {

// Figures are SVG whose colours are attributes; a style rule wins over an attribute, so the figures follow
// the colour scheme and the printer without being drawn again.
std::string_view report_style() {
  return R"css(
:root{--paper:#fcfcfa;--panel:#ffffff;--ink:#1d2a30;--quiet:#55646c;--line:#d9dfe1;--soft:#eef3f4;
--a1:#14708c;--a2:#b4531a;--a3:#6a4c9c;--a4:#55732b;--good:#1f6b43;--warn:#8a5a00;--bad:#a3302b;--link:#0d5c8c;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--paper:#12181b;--panel:#192125;--ink:#e6ecee;--quiet:#a3b1b8;--line:#344147;--soft:#212c31;
--a1:#63bfdc;--a2:#f09a62;--a3:#b7a0e6;--a4:#a3c872;--good:#7fcf9f;--warn:#e6b455;--bad:#f2918b;--link:#7fc4ec}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
a{color:var(--link)}
.page{max-width:1240px;margin:0 auto;padding:0 20px 64px}
main{min-width:0}
header.top{padding:28px 0 8px}
header.top .kind{margin:0;color:var(--quiet);font-size:.9rem}
h1{font-size:1.65rem;line-height:1.25;margin:.15em 0 .3em;font-weight:650}
h2{font-size:1.28rem;line-height:1.3;margin:2.6em 0 .5em;padding-top:.7em;border-top:1px solid var(--line);font-weight:650}
h3{font-size:1.02rem;line-height:1.35;margin:0 0 .4em;font-weight:620}
p{margin:.5em 0;max-width:72ch}
.quiet,figcaption{color:var(--quiet);font-size:.9rem}
figcaption p{margin:.2em 0}
.headline{background:var(--panel);border:1px solid var(--line);border-left:5px solid var(--a1);border-radius:6px;padding:18px 22px;margin:10px 0 6px}
.headline .question{color:var(--quiet);margin:0 0 .35em}
.headline .answer{font-size:1.22rem;line-height:1.45;margin:0 0 .5em;max-width:64ch;font-weight:560}
.headline .notice{margin:.7em 0 0;font-weight:600}
nav.contents{font-size:.9rem}
nav.contents ol{margin:.3em 0;padding-left:1.3em}
nav.contents li{margin:.28em 0}
nav.contents a{text-decoration:none}
nav.contents a:hover{text-decoration:underline}
nav.contents summary{cursor:pointer;padding:.3em 0}
@media (min-width:1080px){.page{display:grid;grid-template-columns:190px minmax(0,1fr);gap:0 44px}
header.top,footer{grid-column:2}nav.contents{grid-column:1;grid-row:1/span 3;position:sticky;top:24px;align-self:start;padding-top:34px}
nav.contents summary{display:none}main{grid-column:2}}
figure{margin:1.2em 0;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:16px 18px 12px;min-width:0}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,380px),1fr));gap:18px;align-items:start}
.grid figure{margin:0}
.vega{width:100%;min-height:220px}
.vega.vega-embed{display:block;padding:0}
.vega svg{display:block;max-width:100%;height:auto}
.scroll{overflow-x:auto;margin:.6em 0;-webkit-overflow-scrolling:touch}
.scroll:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;font-size:.9rem;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding:0 0 .4em}
th,td{padding:.42em .7em;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{font-weight:620;border-bottom:2px solid var(--line);white-space:nowrap}
tbody th{font-weight:500}
td.n,th.n{text-align:right;white-space:nowrap}
td.wide{min-width:200px}td.digest{min-width:20em}th code{overflow-wrap:normal}
td .range,th .range{display:block;color:var(--quiet);font-size:.86em}
table.risk{font-size:.82rem;width:100%}
table.risk th,table.risk td{padding:.18em .5em;border-bottom:none;text-align:right}
table.risk th:first-child{text-align:left;white-space:nowrap}
table.risk thead th{border-bottom:1px solid var(--line);font-weight:500;color:var(--quiet)}
tr.over th,tr.over td{border-bottom:none;padding-bottom:.1em}td .said{display:block;position:sticky;left:.5em;max-width:min(100ch,calc(100vw - 48px))}
tr.group th{background:var(--soft);font-weight:620}
.chip{display:inline-block;border:1px solid currentColor;border-radius:9px;padding:0 .55em;font-size:.8rem;line-height:1.5;white-space:nowrap}
.v-inside{color:var(--good)}.v-overlaps{color:var(--warn)}.v-outside{color:var(--bad)}.v-not-scored{color:var(--quiet)}
.grade{display:inline-block;width:1.55em;text-align:center;border:1px solid var(--quiet);border-radius:3px;font-weight:620}
.swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.45em;vertical-align:-.05em}
.arm1{background:var(--a1)}.arm2{background:var(--a2)}.arm3{background:var(--a3)}.arm4{background:var(--a4)}
.cmp{display:grid;grid-template-columns:minmax(180px,34%) minmax(0,1fr);gap:2px 18px;align-items:center;padding:8px 0;border-bottom:1px solid var(--line)}
.cmp:last-of-type{border-bottom:none}
.cmp p{margin:0;font-size:.9rem;line-height:1.35}
.cmp svg{width:100%;height:52px;overflow:visible}
@media (max-width:640px){.cmp{grid-template-columns:1fr}}
.key{display:flex;flex-wrap:wrap;gap:.2em 1.4em;font-size:.86rem;color:var(--quiet);margin:.2em 0 .6em}
.key svg{width:34px;height:14px;vertical-align:-2px;margin-right:.4em}
.pub{fill:var(--quiet);stroke:var(--quiet)}.sim{fill:var(--a1);stroke:var(--a1)}.simrange{stroke:var(--a1);opacity:.32}
.axis{stroke:var(--line)}.tick{fill:var(--quiet);font-size:11px}
svg.flow{display:block;width:100%;height:auto;margin:0 auto}
svg.flow rect{fill:var(--panel);stroke:var(--quiet)}svg.flow path{stroke:var(--quiet);fill:none}svg.flow text{fill:var(--ink);font-size:13px}
svg.flow.wide .arrow{marker-end:url(#arrow-wide)}svg.flow.narrow .arrow{marker-end:url(#arrow-narrow)}svg.flow .soft rect{fill:var(--soft);stroke:var(--line)}svg.flow .strong{font-weight:620}svg.flow .small{fill:var(--quiet);font-size:12px}
svg.flow.narrow{display:none;max-width:360px}svg.flow.wide{max-width:860px}
@media (max-width:640px){svg.flow.wide{display:none}svg.flow.narrow{display:block}}
dl{margin:.4em 0}dt{font-weight:620;margin-top:.7em}dd{margin:.1em 0 0;max-width:78ch}
pre{background:var(--soft);border:1px solid var(--line);border-radius:5px;padding:12px 14px;overflow-x:auto;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
details.more{margin:.8em 0}details.more>summary{cursor:pointer;color:var(--link)}
footer{color:var(--quiet);font-size:.86rem;margin-top:3em;border-top:1px solid var(--line);padding-top:1em}
.vega svg text{fill:var(--ink)!important}
.vega svg .role-axis-label text,.vega svg .role-axis-title text{fill:var(--quiet)!important}
.vega svg .role-axis-grid line{stroke:var(--line)!important}
.vega svg .role-axis-tick line,.vega svg .role-axis-domain line{stroke:var(--quiet)!important}
svg [fill="#14708c"]{fill:var(--a1)}svg [stroke="#14708c"]{stroke:var(--a1)}
svg [fill="#b4531a"]{fill:var(--a2)}svg [stroke="#b4531a"]{stroke:var(--a2)}
svg [fill="#6a4c9c"]{fill:var(--a3)}svg [stroke="#6a4c9c"]{stroke:var(--a3)}
svg [fill="#55732b"]{fill:var(--a4)}svg [stroke="#55732b"]{stroke:var(--a4)}
svg [fill="#1d2a30"]{fill:var(--ink)}svg [stroke="#1d2a30"]{stroke:var(--ink)}
svg [fill="#5d6c74"]{fill:var(--quiet)}svg [stroke="#5d6c74"]{stroke:var(--quiet)}
@media (max-width:640px){.page{padding:0 14px 48px}h1{font-size:1.35rem}.headline{padding:14px 16px}.headline .answer{font-size:1.08rem}
figure{padding:12px 12px 10px}th,td{padding:.4em .5em}}
@media print{:root{--paper:#fff;--panel:#fff;--ink:#000;--quiet:#444;--line:#bbb;--soft:#f2f2f2;--a1:#14708c;--a2:#b4531a;--a3:#6a4c9c;--a4:#55732b;
--good:#1f6b43;--warn:#7a4f00;--bad:#a3302b;--link:#000}
nav.contents{display:none}.page{display:block;max-width:none;padding:0}body{font-size:10.5pt}
figure,.cmp,tr{break-inside:avoid}figure:has(.cmp){break-inside:auto}h2,h3,h2+p,h2+p+.key{break-after:avoid}.scroll{overflow:visible}
figure{padding:8px 10px 4px}figure h3{font-size:9.5pt;margin:.2em 0}figcaption,figcaption p{font-size:8pt;line-height:1.3;margin:.2em 0}table.risk{font-size:7pt}.cmp p{font-size:8.5pt}
table{font-size:8.5pt}th,td{padding:.25em .45em}thead th{white-space:normal}.grid{grid-template-columns:1fr 1fr}details.more{display:none}}
)css";
}

std::string_view report_script() {
  return R"js(
(function(){
  'use strict';
  var font='system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif';
  var config={font:font,background:null,view:{stroke:null},
    axis:{labelFontSize:12,titleFontSize:12,titleFontWeight:'normal',gridColor:'#d9dfe1',domain:false,tickSize:4,labelFlush:false},
    legend:{labelFontSize:12.5,titleFontSize:12,symbolStrokeWidth:2.5,orient:'top',title:null,labelLimit:260}};
  document.querySelectorAll('.vega[data-spec]').forEach(function(place){
    var spec=JSON.parse(document.getElementById(place.dataset.spec).textContent);
    vegaEmbed(place,spec,{actions:false,renderer:'svg',ast:true,config:config,tooltip:true}).catch(function(error){
      place.textContent='This figure could not be drawn ('+error.message+'); its numbers are in the CSV file named below.';
    });
  });
  window.addEventListener('beforeprint',function(){
    document.querySelectorAll('details').forEach(function(d){if(!d.closest('nav')&&!d.matches('.more'))d.open=true;});
  });
  var contents=document.querySelector('nav.contents details');
  var wide=window.matchMedia('(min-width:1080px)');
  function fit(){contents.open=wide.matches;}
  fit();wide.addEventListener('change',fit);
})();
)js";
}

}  // namespace hortega::output
