package contracts

import (
	"strconv"
	"strings"
)

var unescapes = strings.NewReplacer("~1", "/", "~0", "~")

func namesOf(pointer string) []string {
	names := strings.Split(pointer, "/")[1:]
	for index, name := range names {
		names[index] = unescapes.Replace(name)
	}
	return names
}

// textAt returns the text that a pointer leads to, and "" where it leads to none.
func textAt(value any, pointer string) string {
	for _, name := range namesOf(pointer) {
		object, ok := value.(map[string]any)
		if !ok {
			return ""
		}
		value = object[name]
	}
	text, _ := value.(string)
	return text
}

// replaceAt replaces what pointers lead to, in place; `*` stands for every item of a list.
func replaceAt(value any, pointers []string, replace func(path string, value any) (any, error)) error {
	for _, pointer := range pointers {
		if err := visit(value, namesOf(pointer), "", replace); err != nil {
			return err
		}
	}
	return nil
}

func visit(holder any, names []string, path string, replace func(string, any) (any, error)) error {
	name, rest := names[0], names[1:]
	switch holder := holder.(type) {
	case map[string]any:
		value, ok := holder[name]
		if !ok {
			return nil
		}
		at := path + "/" + escapes.Replace(name)
		if len(rest) > 0 {
			return visit(value, rest, at, replace)
		}
		changed, err := replace(at, value)
		holder[name] = changed
		return err
	case []any:
		if name != "*" {
			return nil
		}
		for index, value := range holder {
			at := path + "/" + strconv.Itoa(index)
			if len(rest) > 0 {
				if err := visit(value, rest, at, replace); err != nil {
					return err
				}
				continue
			}
			changed, err := replace(at, value)
			if err != nil {
				return err
			}
			holder[index] = changed
		}
	}
	return nil
}
