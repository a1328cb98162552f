// Starts Redoc on this server's document. System fonts, because nothing may be fetched from elsewhere; the one picture that
// the bundle would ask another site for is taken out by tools/vendor.
const font = 'system-ui, sans-serif';

window.Redoc.init(
  'api/v1/openapi.json',
  {
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
  },
  document.getElementById('docs'),
);
