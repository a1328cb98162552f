// Starts Swagger UI on this server's document.
window.ui = window.SwaggerUIBundle({
  url: 'api/v1/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  persistAuthorization: true, // a reload keeps who signed in
  tryItOutEnabled: true,
  displayRequestDuration: true,
  validatorUrl: null, // the public validator would be sent the document's address
  onComplete() {
    const info = window.ui.specSelectors.info();
    document.title = info.get('title') || document.title;
  },
});
