# SPDX-License-Identifier: GPL-2.0
# Packages of other releases, from the archive that this machine's own apt
# sources name, without a change of the system. To be sourced by bash, after
# lib.sh.
# shellcheck shell=bash

# The machine's package sources as "URI SUITE" lines, whichever of the two
# forms they are written in.
machine_sources()
{
	local dir=${APT_ETC:-/etc/apt} file

	for file in "$dir"/sources.list "$dir"/sources.list.d/*.list; do
		[ -f "$file" ] || continue
		sed -n 's/#.*//; s/\[[^]]*\]//; s/^[[:space:]]*deb[[:space:]]\+//p' \
			"$file" | awk 'NF >= 3 { print $1, $2 }'
	done
	for file in "$dir"/sources.list.d/*.sources; do
		[ -f "$file" ] || continue
		awk '
		function flush(   i, j, nu, ns, u, s) {
			nu = split(uris, u, " ")
			ns = split(suites, s, " ")
			for (i = 1; i <= nu && on && deb; i++)
				for (j = 1; j <= ns; j++)
					print u[i], s[j]
			uris = suites = key = ""; on = 1; deb = 0
		}
		BEGIN { on = 1 }
		/^#/ { next }
		/^[[:space:]]*$/ { flush(); next }
		/^[[:space:]]/ { value = $0 }
		/^[^[:space:]]/ {
			key = tolower($0); sub(/:.*/, "", key)
			value = $0; sub(/^[^:]*:/, "", value)
		}
		key == "uris" { uris = uris " " value }
		key == "suites" { suites = suites " " value }
		key == "types" && value ~ /(^|[[:space:]])deb([[:space:]]|$)/ {
			deb = 1
		}
		key == "enabled" && tolower(value) ~ /no/ { on = 0 }
		END { flush() }' "$file"
	done
}

# Write an apt configuration that knows one suite (and its updates) only.
#	private_apt SUITE
private_apt()
{
	local suite=$1 dir=$CACHE/apt/$1 uri security
	local key=/usr/share/keyrings/debian-archive-keyring.gpg

	[ -r "$key" ] || die "$key is missing: install debian-archive-keyring"
	uri=$(machine_sources |
	      awk '$2 ~ /^(bookworm|stable|oldstable)$/ { print $1; exit }')
	[ -n "$uri" ] ||
		die "no apt source of this machine offers Debian's bookworm"
	security=$(machine_sources |
		   awk '$2 ~ /-security$|\/updates$/ { print $1; exit }')

	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	{
		echo "deb [signed-by=$key] $uri $suite main"
		case $suite in
		bookworm | trixie)
			echo "deb [signed-by=$key] $uri $suite-updates main"
			[ -z "$security" ] ||
				echo "deb [signed-by=$key] $security" \
					"$suite-security main"
			;;
		esac
	} > "$dir/sources.list"
	cat > "$dir/apt.conf" <<-END
		Dir::Etc::SourceList "$dir/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::State::Lists "$dir/lists";
		Dir::Cache "$dir/cache";
		Acquire::Languages "none";
		Acquire::Check-Valid-Until "false";
		APT::Sandbox::User "root";
	END
	export APT_CONFIG=$dir/apt.conf
}
