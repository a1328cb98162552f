// Starts Redoc on this server's document. System fonts, because nothing may be fetched from elsewhere; the one picture that
// the bundle would ask another site for is taken out by tools/vendor.
const font = 'system-ui, sans-serif';

window.Redoc.init(
  'api/v1/openapi.json',
  {
    hideDownloadButton: false,
    nativeScrollbars: true,
    theme: {
      typography: {
        fontFamily: font,
        headings: { fontFamily: font },
        code: { fontFamily: 'ui-monospace, monospace' },
      },
    },
  },
  document.getElementById('docs'),
);
