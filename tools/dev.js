// Of pages under `make dev`: shows what the compiler says of the newest change, and loads the page
// again once another server is there.
(() => {
  const box = document.createElement("pre");
  box.id = "dev-errors";
  box.style.cssText = "position:fixed;inset:0;z-index:99999;margin:0;padding:2em;overflow:auto;"
    + "white-space:pre-wrap;font:14px/1.5 monospace;color:#eee;background:#200e";
  let run;

  const show = (errors) => {
    box.textContent = errors;
    if (errors) document.body.append(box);
    else box.remove();
  };

  const look = async () => {
    try {
      const state = await (await fetch("/dev.json", { cache: "no-store" })).json();
      if (run !== undefined && state.run !== run) location.reload();
      run = state.run;
      show(state.errors);
    } catch {
      // the next look will tell
    }
    setTimeout(look, 500);
  };
  look();
})();
