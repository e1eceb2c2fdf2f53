# SPDX-License-Identifier: GPL-2.0-only
#
# Hold the arrays of standard input against a definition of a JSON schema:
#
#	jq -n --slurpfile schema SCHEMA --arg name NAME -f schema.jq
#
# Prints what is wrong, one string each; nothing if all is well. Knows the
# words of the schema language that segctl.schema.json uses.

def is($types):
	type as $t
	| if $types | type == "array" then any($types[]; . as $w | $t == $w
		or ($w == "integer" and $t == "number"))
	  else $t == $types or ($types == "integer" and $t == "number") end;

def check($s; $path):
	if $s["$ref"] then
		check($schema[0]["$defs"][$s["$ref"] | ltrimstr("#/$defs/")];
		      $path)
	elif $s.oneOf then
		. as $value
		| [ $s.oneOf[] | . as $one
		    | select([ $value | check($one; $path) ] == []) ]
		| if length == 1 then empty
		  else "\($path): fits \(length) forms" end
	elif $s.enum then
		if IN($s.enum[]) then empty else "\($path): \(.)" end
	elif is($s.type) | not then
		"\($path): \(type), not \($s.type)"
	elif type == "number" then
		if ($s.type | tostring | contains("integer"))
		   and . != floor then "\($path): \(.)" else empty end,
		if $s.minimum and . < $s.minimum or $s.maximum
		   and . > $s.maximum then "\($path): \(.)" else empty end
	elif type == "string" and $s.pattern then
		if test($s.pattern) then empty else "\($path): \(.)" end
	elif type == "array" then
		to_entries[] | . as $e
		| .value | check($s.items; "\($path)[\($e.key)]")
	elif type == "object" then
		(($s.required - keys)[] | "\($path): no \(.)"),
		(to_entries[] | . as $e
		 | if $s.properties | has($e.key) then
			.value | check($s.properties[$e.key];
				       "\($path).\($e.key)")
		   else "\($path): \($e.key) is not known" end)
	else empty end;

inputs
| check({ type: "array", items: { "$ref": "#/$defs/\($name)" } }; $name)
