/** verify.html: the form, and where its script tells what it found. Without the script it says what to do. */
export const VERIFY_HTML = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' https: http://127.0.0.1:* http://localhost:* http://*.localhost:*; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Check this paper</title>
<meta name="description" content="Checks signatures, hashes and the log of a paper in your browser.">
<link rel="stylesheet" href="style.css">
<link rel="stylesheet" href="verify.css">
<script src="verify.js" defer></script>
</head>
<body>
<main>
<h1>Check this paper</h1>
<p>This page asks a server for a paper, piece by piece, and believes nothing: it computes the hash of every file, and checks who signed it.</p>
<section id="verdict" class="amber" role="status">
<p class="colour">Amber</p>
<h2>Nothing is checked: the script of this page has not run</h2>
<p>Without it, download the article or the paper (“Download IPFS”) and run <code>ovn verify</code> on the file.</p>
</section>
<form id="form" hidden>
<p><label for="id">Id of the publication, as you know it</label>
<input id="id" type="text" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="id-hint">
<span id="id-hint" class="hint">From a place that you trust, not from this server. Without it nothing here turns green.</span></p>
<p><label for="what">What to check</label>
<input id="what" type="text" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="what-hint">
<span id="what-hint" class="hint">The address or id of an article (2025/07/07/first-light), categories/science, or nothing for the whole edition.</span></p>
<details>
<summary>From another gateway</summary>
<p><label for="gateway">Address of the gateway</label>
<input id="gateway" type="text" inputmode="url" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="gateway-hint">
<span id="gateway-hint" class="hint">Over https, or on this machine. Empty: the server that this page came from. No other server is asked.</span></p>
<p><label for="root">CID to begin from</label>
<input id="root" type="text" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="root-hint">
<span id="root-hint" class="hint">Of an edition, a category or an article. Empty: the one in the address of this page.</span></p>
</details>
<p><button type="submit">Check</button> <button id="stop" type="button" hidden>Stop</button></p>
</form>
<h2>What was checked</h2>
<ol id="checks" class="checks"></ol>
<dl id="facts" class="facts"></dl>
<h2>What this page cannot tell you</h2>
<ul>
<li>It came from a server, and who forges a paper can forge this page. <strong>A page proves nothing about the server that gave it to you.</strong></li>
<li>Safe ways to use it: from your own <code>ovn serve</code>; from another server than the one that is checked; or as a copy that you saved, and whose hash you know.</li>
<li>It confirms that the paper is the one whose id is in the address of this page. If somebody sent you the address, compare the id with one from elsewhere.</li>
<li>It has no memory. Whether there is a newer edition, and whether others are shown the same one, is for a program that remembers: <code>ovn verify</code>.</li>
</ul>
</main>
</body>
</html>
`;
