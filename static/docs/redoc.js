// Starts Redoc on one of this server's documents. System fonts, because nothing may be fetched from elsewhere; the one picture that
// the bundle would ask another site for is taken out by tools/vendor.
const font = 'system-ui, sans-serif';

// A build without npm has the page, but not what draws it.
if (!window.Redoc) {
  document.getElementById('docs').innerHTML =
    '<p>This page was built without npm. Where the server is built, install npm, run <code>make vendor</code> and <code>make</code>, and start ' +
    'it again. The same document as JSON: <a href="api/v1/openapi.json">openapi.json</a></p>';
}

const options = {
  hideDownloadButton: false,
  nativeScrollbars: true,
  theme: {
    colors: { responses: { redirect: { color: '#8a5a00' } } }, // its orange is too faint to read on white
    typography: {
      fontFamily: font,
      headings: { fontFamily: font },
      code: { fontFamily: 'ui-monospace, monospace' },
    },
  },
};

if (window.Redoc) window.documentUrl().then((url) => window.Redoc.init(url, options, document.getElementById('docs')));
