#!/bin/sh
# A copy of this tree, to add modules to: sourced in the root of the tree, by scripts that have set
# $folder, an empty one, and $binary, the server that was built with the flags to use. Its objects
# are copied, so that only what is new is compiled. The copy is "$folder/tree", of what is
# committed, and without modules that are not the project's: whoever runs this may be at work in the
# tree, or have added some. In it $out is where the binaries are.

own_modules='accounts audit auth keys posts roles system users'

out=$(dirname "$binary") root=$PWD
san='' build=$out
case ${out##*/} in
san-*) san=$(echo "${out##*/san-}" | tr - ,) build=${out%/*} ;;
esac
case $build in
"$root"/*) build=${build#"$root"/} out=${out#"$root"/} reuse=yes ;;
*) build=build out=build${san:+/${out##*/}} reuse='' ;;
esac

mkdir "$folder/tree"
copy() {
	while read -r file; do
		[ ! -e "$file" ] || echo "$file"
	done | xargs -d '\n' cp -a --parents -t "$folder/tree"
}
# Files keep their times, so that their objects are not made again; what differs from what is
# committed gets the time of now.
if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$root" ] && git rev-parse -q --verify HEAD >/dev/null; then
	git ls-tree -r --name-only HEAD | copy
	git diff --name-only --diff-filter=MDT HEAD >"$folder/changed"
	[ ! -s "$folder/changed" ] ||
		xargs -d '\n' git archive HEAD -- <"$folder/changed" | tar -xm -C "$folder/tree"
else
	find . -type f -not -path "./$build/*" -not -path './build/*' -not -path './data/*' -not -path './.git/*' | copy
fi

# forget MODULE: takes a module out of the copy.
forget() {
	rm -rf "$folder/tree/src/modules/$1" "$folder/tree/include/modules/$1.h" \
		"$folder/tree/tests/modules/$1" "$folder"/tree/sql/*/[0-9]*_"$1".sql
	sed -i "/\"modules\/$1\.h\"/d; /^\t&$1_/d" "$folder/tree/src/app/modules.c"
}
for module in "$folder"/tree/src/modules/*; do
	case " $own_modules " in
	*" ${module##*/} "*) ;;
	*) forget "${module##*/}" ;;
	esac
done
if [ "$reuse" ]; then
	for part in "$build/vendor" "$out/obj/src" "$out/obj/version.o" "$out/gen" "$out/flags" "$out/members"; do
		[ ! -e "$part" ] || cp -a --parents "$part" "$folder/tree"
	done
fi

# tree_make TARGET…: in the copy. The flags name the folder: with another name everything would be
# compiled again.
tree_make() {
	command make --no-print-directory -j2 BUILD="$build" SAN="$san" CURDIR="$root" "$@"
}
