//! t
fn main() -> color_eyre::Result<()> {
    gonogo::runtime::install_panic_hook()?;
    let mut args = std::env::args().skip(1);
    let mut root = std::path::PathBuf::from(".");
    while let Some(arg) = args.next() {
        if arg == "--repo" {
            root = args.next().unwrap_or_default().into();
        }
    }
    let (settings, problems) = gonogo::sources::settings::load(Some(&root));
    gonogo::runtime::run(gonogo::runtime::Start {
        root,
        settings,
        problems,
        guided: false,
    })
}
